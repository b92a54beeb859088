package io.understudy.systemtests.lab;

import java.io.IOException;
import java.util.Optional;

/** Who takes part in a {@link PeerBenchmark}. Begins with the first strike. */
interface Contestant extends AutoCloseable {

    /** Strikes; all is whole before and after. */
    PeerTrial strike(PeerFault fault, boolean inFull) throws IOException;

    /** Keeps the logs and ends everything after a failure; the next strike begins anew. */
    void abandon(String name, Throwable cause);

    @Override
    void close();

    /** Understudy in the same lab. */
    final class Ours implements Contestant {

        private Optional<Lab> lab = Optional.empty();

        @Override
        public PeerTrial strike(PeerFault fault, boolean inFull) throws IOException {
            if (lab.isEmpty()) {
                lab = Optional.of(Lab.started());
            }
            return PeerTrial.of(fault, LabTrial.of(fault.ours(), lab.get(), inFull));
        }

        @Override
        public void abandon(String name, Throwable cause) {
            Optional<Lab> last = lab;
            lab = Optional.empty();
            last.ifPresent(l -> l.abandon(name, cause));
        }

        @Override
        public void close() {
            Optional<Lab> last = lab;
            lab = Optional.empty();
            last.ifPresent(Lab::close);
        }
    }

    /** Other software. */
    final class Theirs implements Contestant {

        private final PeerKind kind;
        private final boolean tuned;
        private Optional<PeerLab> lab = Optional.empty();
        private Peer peer;

        Theirs(PeerKind kind, boolean tuned) {
            this.kind = kind;
            this.tuned = tuned;
        }

        @Override
        public PeerTrial strike(PeerFault fault, boolean inFull) throws IOException {
            if (lab.isEmpty()) {
                lab = Optional.of(PeerLab.make());
                peer = kind.in(lab.get(), tuned);
                peer.start();
            }
            PeerTrial[] trial = new PeerTrial[1];
            PeerLab here = lab.get();
            here.place(Wires.CLIENT).run(() -> trial[0] = PeerTrial.of(fault, peer, here, inFull));
            return trial[0];
        }

        @Override
        public void abandon(String name, Throwable cause) {
            try {
                if (lab.isPresent()) {
                    lab.get().wires().heal();
                    lab.get().keepLogs(name);
                }
                close();
            } catch (IOException | RuntimeException | AssertionError e) {
                cause.addSuppressed(e);
            }
        }

        @Override
        public void close() {
            Optional<PeerLab> last = lab;
            lab = Optional.empty();
            last.ifPresent(PeerLab::close);
        }
    }
}
