package io.understudy.cluster.member;

import io.understudy.cluster.peer.PeerJson;
import io.understudy.cluster.register.DurableFile;
import io.understudy.core.node.NodeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which disk a member has, and which ones the others have: {@code DATA/member/disk.json}. A random
 * number is made when a data directory is used first; the others note it, so that a member that
 * comes back with another data directory is recognised. Safe for several threads; everything is on
 * the disk when a method returns.
 */
public final class MemberDisk {

    private static final int BYTES = 16;

    private final Path file;
    private Content content;

    /** On disk. */
    record Content(
            String id, boolean votes, boolean recovering, Map<String, String> disksOfOthers) {

        Content {
            disksOfOthers = disksOfOthers == null ? Map.of() : Map.copyOf(disksOfOthers);
        }
    }

    private MemberDisk(Path file, Content content) {
        this.file = file;
        this.content = content;
    }

    /**
     * Opens a data directory, before anything else of the cluster is opened there. One of a version
     * that did not note its disk, and that voted, counts as one that votes.
     *
     * @param data the data directory, used by no other process
     * @throws IOException if it cannot be read or written, or the file is damaged
     */
    public static MemberDisk open(Path data) throws IOException {
        Path directory = data.resolve("member");
        DurableFile.makeDirectories(directory);
        Path file = directory.resolve("disk.json");
        if (Files.exists(file)) {
            return new MemberDisk(file, PeerJson.read(Files.readAllBytes(file), Content.class));
        }
        byte[] id = new byte[BYTES];
        new SecureRandom().nextBytes(id);
        boolean votes = Files.exists(data.resolve("ledger"));
        MemberDisk disk =
                new MemberDisk(
                        file, new Content(HexFormat.of().formatHex(id), votes, false, Map.of()));
        disk.save(disk.content);
        return disk;
    }

    /** Returns this disk's number. */
    public synchronized String id() {
        return content.id();
    }

    /** Returns whether it has voted, or may. */
    public synchronized boolean votes() {
        return content.votes();
    }

    /** Returns whether an operator said that it replaces a lost one, and it does not vote yet. */
    public synchronized boolean recovering() {
        return content.recovering();
    }

    /**
     * Notes an operator's word that this disk replaces one that is lost.
     *
     * @return false if it votes already; then nothing changes
     */
    public synchronized boolean recover() throws IOException {
        if (content.votes()) {
            return false;
        }
        save(new Content(content.id(), false, true, content.disksOfOthers()));
        return true;
    }

    /** It votes from now on. */
    synchronized void vote() throws IOException {
        save(new Content(content.id(), true, false, content.disksOfOthers()));
    }

    /**
     * Notes another member's disk, unless another one is noted.
     *
     * @param replaces whether it takes the place of the one that is noted
     * @return whether it is the one that is noted now
     */
    synchronized boolean note(NodeName member, String id, boolean replaces) throws IOException {
        String before = content.disksOfOthers().get(member.value());
        if (id.equals(before)) {
            return true;
        }
        if (before != null && !replaces) {
            return false;
        }
        Map<String, String> disks = new TreeMap<>(content.disksOfOthers());
        disks.put(member.value(), id);
        save(new Content(content.id(), content.votes(), content.recovering(), disks));
        return true;
    }

    private void save(Content next) throws IOException {
        DurableFile.replace(file, PeerJson.write(next));
        content = next;
    }
}
