package io.understudy.core.view;

/**
 * What a node keeps on its disk of what it last said of itself, for when it is down.
 *
 * @param starts how often the process was started with this data directory
 * @param stopped whether it was saved at an orderly end
 * @param ha high availability, null before it was first known
 * @param server the server, null before it was first known
 */
public record SavedInfos(int starts, boolean stopped, InfoView ha, InfoView server) {

    /** Its name in the data directory. */
    public static final String FILE = "last-info.json";
}
