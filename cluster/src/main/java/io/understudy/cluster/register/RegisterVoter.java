package io.understudy.cluster.register;

import io.understudy.cluster.peer.NamedThreads;
import io.understudy.cluster.peer.PeerRefusal;
import io.understudy.cluster.peer.PeerRequest;
import io.understudy.cluster.peer.PeerServer;
import io.understudy.cluster.register.RegisterState.Stored;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * One member's vote on the registers of one space, kept on its disk. Invariants:
 *
 * <ol>
 *   <li>What it answers is fsynced before it answers.
 *   <li>The promised epoch never falls, nor does the (epoch, revision) of the stored value.
 *   <li>An epoch is promised to one proposer only, so no two write under one epoch.
 *   <li>A voter whose file is damaged does not vote on that register until it is re-admitted.
 * </ol>
 */
public final class RegisterVoter implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(RegisterVoter.class.getName());
    private static final long LOCK_LIMIT_MILLIS = 500;
    private static final int WRITES_AT_ONCE = 8;
    private static final String NOT_OWN = "A promise is given only to the member that asks for it.";
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final Consumer<DurableFile.Step> NO_CRASH = step -> {};

    private final String space;
    private final Path directory;
    private final Consumer<String> alarm;
    private final Consumer<DurableFile.Step> crash;
    private final Suffrage suffrage;
    private final Map<String, Slot> slots = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor disk;
    private volatile LongSupplier note = () -> 0;
    private volatile boolean closed;

    /**
     * Opens a voter's directory and makes it if there is none.
     *
     * @param space names the group of registers, and the peer path that answers for it
     * @param directory this voter's own; one file per register
     * @param alarm gets a sentence for the operator when a file turns out to be damaged
     * @param suffrage whether it votes at all
     * @throws IOException if the directory cannot be made
     */
    public RegisterVoter(String space, Path directory, Consumer<String> alarm, Suffrage suffrage)
            throws IOException {
        this(space, directory, alarm, suffrage, NO_CRASH);
    }

    RegisterVoter(
            String space,
            Path directory,
            Consumer<String> alarm,
            Suffrage suffrage,
            Consumer<DurableFile.Step> crash)
            throws IOException {
        this.suffrage = suffrage;
        this.space = space;
        this.directory = directory;
        this.alarm = alarm;
        this.crash = crash;
        this.disk =
                new ThreadPoolExecutor(
                        WRITES_AT_ONCE,
                        WRITES_AT_ONCE,
                        30,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        new NamedThreads("understudy-" + space + "-disk"));
        disk.allowCoreThreadTimeOut(true);
        DurableFile.makeDirectories(directory);
    }

    /** Answers the peers' calls at {@code /SPACE/promise}, {@code /write}, {@code /read}, keys. */
    public void serve(PeerServer server) {
        server.handle(path("promise"), request -> vote(own(request), this::promise));
        server.handle(path("write"), request -> vote(request.as(RegisterCall.class), this::write));
        server.handle(path("read"), request -> vote(request.as(RegisterCall.class), this::read));
        server.handle(path("batch"), request -> votes(request));
        server.handle(path("keys"), request -> new Relearning.Keys(RegisterFile.keys(directory)));
    }

    /** The disk takes several writes at a time; the answer waits for the last one. */
    private RegisterBatch.Answers votes(PeerRequest request) throws PeerRefusal {
        List<CompletableFuture<List<RegisterBatch.Answered>>> answers = new ArrayList<>();
        for (List<RegisterBatch.Item> part : request.as(RegisterBatch.class).parts()) {
            answers.add(CompletableFuture.supplyAsync(() -> several(request, part), disk));
        }
        return new RegisterBatch.Answers(
                answers.stream().map(CompletableFuture::join).flatMap(List::stream).toList());
    }

    private List<RegisterBatch.Answered> several(
            PeerRequest request, List<RegisterBatch.Item> items) {
        return items.stream()
                .map(
                        i ->
                                one(
                                        i.operation(),
                                        i.call(),
                                        Proposer.isOf(request.from(), i.call().proposer())))
                .toList();
    }

    private RegisterBatch.Answered one(String operation, RegisterCall call, boolean own) {
        try {
            return new RegisterBatch.Answered(answer(operation, call, own), null);
        } catch (RuntimeException e) {
            return new RegisterBatch.Answered(null, String.valueOf(e.getMessage()));
        }
    }

    private RegisterCall.Answer answer(String operation, RegisterCall call, boolean own) {
        return switch (operation) {
            case "promise" -> {
                if (!own) {
                    throw new NoVoteException(NOT_OWN);
                }
                yield promise(call);
            }
            case "write" -> write(call);
            case "read" -> read(call);
            default -> throw new NoVoteException("Nothing is known of '" + operation + "'.");
        };
    }

    private static RegisterCall.Answer vote(
            RegisterCall call, Function<RegisterCall, RegisterCall.Answer> operation)
            throws PeerRefusal {
        try {
            return operation.apply(call);
        } catch (NoVoteException e) {
            throw new PeerRefusal(e.getMessage());
        }
    }

    /** Adds a number of the owner's to every answer, e.g. how far its event log reaches. */
    public void noting(LongSupplier number) {
        this.note = number;
    }

    String path(String operation) {
        return "/" + space + "/" + operation;
    }

    private static RegisterCall own(PeerRequest request) throws PeerRefusal {
        RegisterCall call = request.as(RegisterCall.class);
        if (!Proposer.isOf(request.from(), call.proposer())) {
            throw new PeerRefusal(NOT_OWN);
        }
        return call;
    }

    RegisterCall.Answer promise(RegisterCall call) {
        try (Slot slot = slot(call.key()).locked()) {
            RegisterState old = slot.state();
            if (old.refuses(call.epoch(), call.proposer())) {
                return answer(false, old, call);
            }
            RegisterState next = new RegisterState(call.epoch(), call.proposer(), old.stored());
            slot.become(next);
            return answer(true, next, call);
        }
    }

    RegisterCall.Answer write(RegisterCall call) {
        try (Slot slot = slot(call.key()).locked()) {
            RegisterState old = slot.state();
            Stored stored = old.stored();
            Stored offered =
                    new Stored(call.epoch(), call.revision(), call.proposer(), call.value());
            boolean older = stored != null && stored.isNewerThan(call.epoch(), call.revision());
            boolean other =
                    stored != null
                            && stored.isTagged(call.epoch(), call.revision())
                            && !stored.equals(offered);
            if (old.refuses(call.epoch(), call.proposer()) || older || other) {
                return answer(false, old, null);
            }
            RegisterState next = new RegisterState(call.epoch(), call.proposer(), offered);
            slot.become(next);
            return new RegisterCall.Answer(
                    true,
                    new RegisterState(next.promised(), next.promisedTo(), offered.withoutValue()),
                    note.getAsLong());
        }
    }

    RegisterCall.Answer read(RegisterCall call) {
        try (Slot slot = slot(call.key()).locked()) {
            return answer(true, slot.state(), call);
        }
    }

    /** Leaves the value out for a reader that knows it: reads are frequent, values may be large. */
    private RegisterCall.Answer answer(boolean granted, RegisterState state, RegisterCall reader) {
        Stored stored = state.stored();
        boolean known =
                stored != null
                        && reader != null
                        && reader.value() == null
                        && stored.isTagged(reader.epoch(), reader.revision());
        RegisterState told =
                known
                        ? new RegisterState(
                                state.promised(), state.promisedTo(), stored.withoutValue())
                        : state;
        return new RegisterCall.Answer(granted, told, note.getAsLong());
    }

    /**
     * Lets a voter whose file was damaged vote again. One whose file is good is left as it is: it
     * may have promised something since the others were asked.
     *
     * @param state the newest promise and value of <em>all</em> other voters
     * @return whether its file was damaged
     */
    boolean readmit(String key, RegisterState state) {
        try (Slot slot = slot(key).locked()) {
            return slot.readmit(state);
        }
    }

    /** Takes what another voter keeps, where that is newer; for a voter that is barred. */
    void adopt(String key, RegisterState theirs) {
        try (Slot slot = slot(key).locked()) {
            slot.become(slot.kept().merge(theirs));
        }
    }

    /** Stops voting: a successor may open the directory. */
    @Override
    public void close() {
        closed = true;
        disk.shutdown();
        for (Slot slot : slots.values()) {
            // Whoever is in the middle of a write ends it before this returns.
            try (Slot locked = slot.locked()) {
                locked.state = null;
            } catch (NoVoteException e) {
                LOG.log(System.Logger.Level.WARNING, "A vote does not end: {0}", e.getMessage());
            }
        }
    }

    private Slot slot(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("'" + key + "' cannot be a register's name");
        }
        return slots.computeIfAbsent(key, k -> new Slot(k, new RegisterFile(directory, k, crash)));
    }

    /** One register in memory and on disk; guarded by its own lock. */
    private final class Slot implements AutoCloseable {
        private final ReentrantLock lock = new ReentrantLock();
        private final String key;
        private final RegisterFile file;
        private RegisterState state;
        private boolean damaged;
        private boolean unsure;

        Slot(String key, RegisterFile file) {
            this.key = key;
            this.file = file;
        }

        /** Returns this, locked until closed; a disk that hangs must not take all threads. */
        Slot locked() {
            try {
                if (lock.tryLock(LOCK_LIMIT_MILLIS, TimeUnit.MILLISECONDS)) {
                    return this;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new NoVoteException(
                    "The disk of this member does not come to an end with "
                            + space
                            + "/"
                            + key
                            + ".");
        }

        @Override
        public void close() {
            lock.unlock();
        }

        RegisterState state() {
            suffrage.check();
            return kept();
        }

        RegisterState kept() {
            if (closed) {
                throw new NoVoteException("This member is stopping and does not vote any more.");
            }
            if (state == null && !damaged) {
                load();
            }
            if (damaged) {
                throw new NoVoteException(sentence());
            }
            return state;
        }

        private void load() {
            try {
                state = file.load();
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "The register " + space + "/" + key + " cannot be read in " + directory, e);
            }
            if (state == null) {
                damaged = true;
                alarm.accept(sentence());
            }
        }

        /** Makes a state durable; nothing is written when it already is. */
        void become(RegisterState next) {
            if (next.equals(state) && !unsure) {
                return;
            }
            // Until the write has come back well nobody can say which of the two is on the disk.
            unsure = true;
            try {
                file.save(next);
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "The register "
                                + space
                                + "/"
                                + key
                                + " cannot be written in "
                                + directory
                                + ": this member does not vote until its disk can",
                        e);
            }
            state = next;
            unsure = false;
        }

        boolean readmit(RegisterState agreed) {
            if (state == null && !damaged) {
                load();
            }
            if (!damaged) {
                return false;
            }
            try {
                file.readmit(agreed);
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "The register " + space + "/" + key + " cannot be written in " + directory,
                        e);
            }
            state = agreed;
            damaged = false;
            unsure = false;
            return true;
        }

        private String sentence() {
            return "What this member kept of "
                    + space
                    + "/"
                    + key
                    + " is damaged and was set aside as "
                    + file.damagedMark()
                    + ": it does not vote on it. When all other members are up, re-admit it.";
        }
    }
}
