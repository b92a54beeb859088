package io.understudy.cluster.ledger;

import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.register.RegisterVoter;
import io.understudy.cluster.register.Suffrage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * This member's vote on the ledger: one file per instance with the promised epoch, the newest entry
 * and a checksum, fsynced before anything is answered. Nodes and witness run the same voter.
 *
 * <p>A file whose checksum does not match is set aside ({@code INSTANCE.damaged}) and this member
 * does not vote on that instance any more: it may have forgotten a promise or the only second copy
 * of an entry. The other two voters still make a majority. {@link QuorumLedger#readmit} lets it
 * vote again, once both others answer.
 */
public final class LedgerVoter implements AutoCloseable {

    private final RegisterVoter register;

    /**
     * Opens the voter's directory and makes it if there is none.
     *
     * @param directory {@code DATA/ledger}, this voter's own
     * @param alarm gets a sentence for the operator when a file turns out to be damaged; called on
     *     a voter's thread and must not block
     * @param suffrage whether it votes at all
     * @throws IOException if the directory cannot be made
     */
    public LedgerVoter(Path directory, Consumer<String> alarm, Suffrage suffrage)
            throws IOException {
        this.register = new RegisterVoter("ledger", directory, alarm, suffrage);
    }

    /** Answers the other members' claims, writes and reads. */
    public void serve(PeerServer server) {
        register.serve(server);
    }

    /** Returns what keeps the registers. */
    public RegisterVoter register() {
        return register;
    }

    /** Stops voting: a successor may open the directory. */
    @Override
    public void close() {
        register.close();
    }
}
