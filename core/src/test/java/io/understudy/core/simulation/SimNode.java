package io.understudy.core.simulation;

import io.understudy.core.database.DatabaseFacts;
import io.understudy.core.database.DatabaseRole;
import io.understudy.core.database.ReplicationMode;
import io.understudy.core.lease.Epoch;
import io.understudy.core.peer.Contact;
import io.understudy.core.recovery.Decision;
import io.understudy.core.recovery.Effect;
import io.understudy.core.recovery.Event;
import io.understudy.core.recovery.Phase;
import io.understudy.core.recovery.Recovery;
import io.understudy.core.recovery.Situation;
import io.understudy.core.service.ServiceCondition;
import io.understudy.core.service.ServiceFacts;
import io.understudy.core.time.Moment;
import io.understudy.core.timing.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A node: the recovery core in its shell, heartbeats, the guard, services and a copy. */
final class SimNode extends SimHost {

    private static final long NEVER = Long.MAX_VALUE;

    /** As a database that does not answer counts as failed, and its volume a little earlier. */
    private static final long SILENT_NANOS = 6_000_000_000L;

    private static final long VOLUME_NANOS = 5_000_000_000L;

    final Simulation sim;
    Recovery recovery;
    final Copy copy;
    final Lane lane;
    Situation situation;
    private final List<Event> pending = new ArrayList<>();
    private long wakeToken;

    // Services.
    boolean servicesUp;
    boolean serviceBroken;
    boolean volumeBad;

    /** Since when the database's disk hangs, on the world's clock; never: it does not. */
    private long diskHangsSince = NEVER;

    /** The core was told that its primary does not answer, in this life. */
    boolean seenSilent;

    /** The core was told so, in this life. */
    boolean volumeSeenBad;

    boolean startsFail;
    Epoch servingEpoch = Epoch.NONE;

    // The guard.
    long guardUntil = Long.MIN_VALUE;
    private long guardToken;

    // Heartbeats.
    Contact contact = Contact.SILENT;
    private long heardAt;
    private long loopAt;
    private long peerBoot = -1;
    private boolean asking;
    boolean stopRequested;
    Told told = new Told(this);

    /** When the core last decided, by this host's clock. */
    long decidedAt;

    Timing timing;
    int crashAfterEffects;

    SimNode(Simulation sim, String name, Recovery recovery) {
        super(sim.world, name);
        this.sim = sim;
        this.recovery = recovery;
        this.copy = new Copy(this);
        this.lane = new Lane(this);
    }

    SimNode peerNode() {
        return sim.peerOf(this);
    }

    Moment moment() {
        return new Moment(clock());
    }

    /** Database and services run on: the host is up and not frozen. */
    boolean childrenAlive() {
        return powered && !frozen;
    }

    // Life.

    void boot() {
        boot++;
        running = true;
        volumeSeenBad = false;
        seenSilent = false;
        hung = false;
        frozen = false;
        powered = true;
        stopRequested = false;
        told = new Told(this);
        decidedAt = clock();
        contact = Contact.SILENT;
        peerBoot = -1;
        heardAt = clock();
        loopAt = clock();
        asking = false;
        pending.clear();
        situation = Situation.begin(moment());
        timing = new Timing(this, () -> new Moment(heardAt));
        long born = boot;
        world.after(Duration.ofMillis(100), () -> beat(born));
        world.after(Duration.ofMillis(200), () -> observe(born));
        holdAsKept();
        post(new Event.Start());
    }

    /** What is replicated about holds is on every node's disk. */
    void holdAsKept() {
        long left = sim.holdUntil - world.now();
        Moment until = moment().plus(Duration.ofNanos(Math.max(0, left)));
        Moment reminder = until.minus(Duration.ofNanos(Math.max(0, left) / 10));
        post(
                new Event.Hold(
                        left > 0
                                ? Optional.of(new Event.HoldTime(until, reminder))
                                : Optional.empty()));
    }

    /** kill -9 of the member's process; the guard ends the children a moment later. */
    void kill() {
        if (!running) {
            return;
        }
        running = false;
        hung = false;
        boot++;
        lane.clear();
        sim.forgetRequests(this);
        sim.store.died(this);
        world.after(world.between(5, 60), this::endChildrenIfDown);
    }

    private void endChildrenIfDown() {
        if (!running) {
            endChildren();
        }
    }

    void endChildren() {
        servicesUp = false;
        copy.end();
        guardUntil = Long.MIN_VALUE;
    }

    void powerOff() {
        boolean was = running;
        sim.forgetRequests(this);
        running = false;
        powered = false;
        frozen = false;
        hung = false;
        boot++;
        lane.clear();
        endChildren();
        if (was) {
            sim.store.died(this);
        }
    }

    void unfreezeIfFrozen() {
        if (frozen) {
            world.tell(name + " goes on");
            frozen = false;
            enforceGuard();
            if (!hung) {
                flush();
            }
        }
    }

    void resumeIfHung() {
        if (hung) {
            world.tell(name + " is resumed");
            hung = false;
            if (!frozen) {
                flush();
            }
        }
    }

    /** A change of configuration has reached this node; it is kept on its disk. */
    void timers(Timers changed) {
        if (recovery.settings().timers().equals(changed)) {
            return;
        }
        world.tell(name + " goes by lease " + changed.lease());
        recovery = sim.recovery(name, changed);
    }

    // Events and decisions.

    void post(Event event) {
        if (!running) {
            return;
        }
        if (!awake()) {
            pending.add(event);
            return;
        }
        Moment now = moment();
        Decision decision = recovery.decide(situation, event, now);
        Phase before = situation.phase();
        Situation was = situation;
        sim.checks.decided(this, situation, event, decision);
        situation = decision.situation();
        decidedAt = now.nanos();
        if (before != situation.phase()) {
            world.tell(
                    name
                            + " "
                            + before
                            + " -> "
                            + situation.phase()
                            + " on "
                            + event
                            + " epoch "
                            + situation.epoch());
        }
        timing.look(was, event, now);
        long life = boot;
        for (Effect effect : decision.effects()) {
            if (crashAfterEffects > 0 && --crashAfterEffects == 0) {
                world.tell(name + " crashes before " + effect);
                kill();
            }
            if (life != boot) {
                return;
            }
            sim.shell.carryOut(this, effect);
        }
        long token = ++wakeToken;
        long born = boot;
        world.at(
                trueTimeOf(decision.wakeAt().nanos()) + 1,
                () -> {
                    if (token == wakeToken && born == boot) {
                        post(new Event.Wake(false));
                    }
                });
        sim.checks.afterEvent();
    }

    /** Posts the answer to a call, unless this life has ended. */
    void answer(long born, Event event) {
        if (born == boot) {
            post(event);
        }
    }

    private void flush() {
        List<Event> late = new ArrayList<>(pending);
        pending.clear();
        for (Event event : late) {
            post(event);
        }
        if (running) {
            post(new Event.Wake(false));
        }
    }

    // The guard: a process of its own on the same clock.

    void guard(Epoch epoch, Optional<Moment> until) {
        guardUntil = until.map(Moment::nanos).orElse(Long.MIN_VALUE);
        long token = ++guardToken;
        if (until.isPresent()) {
            world.at(
                    trueTimeOf(guardUntil) + 1_000,
                    () -> {
                        if (token == guardToken) {
                            enforceGuard();
                        }
                    });
        }
    }

    private void enforceGuard() {
        boolean leased = servicesUp || copy.role == DatabaseRole.PRIMARY;
        if (leased && !frozen && sim.guarded && clock() >= guardUntil) {
            world.tell(name + " guard kills");
            servicesUp = false;
            if (copy.role == DatabaseRole.PRIMARY) {
                copy.end();
            }
        }
    }

    // Heartbeats and observation.

    private void beat(long born) {
        if (born != boot || !running) {
            return;
        }
        if (awake()) {
            long now = clock();
            if (now - loopAt > 300_000_000L) {
                heardAt = now;
            }
            loopAt = now;
            sim.sendBeat(this);
            judge(now);
        }
        world.after(Duration.ofMillis(100), () -> beat(born));
    }

    void heard(SimNode from, Event.PeerReport report) {
        if (!awake()) {
            return;
        }
        if (contact == Contact.GONE && from.boot == peerBoot) {
            return;
        }
        heardAt = clock();
        peerBoot = from.boot;
        if (contact != Contact.HEARD) {
            contact = Contact.HEARD;
            post(new Event.PeerContact(Contact.HEARD, moment()));
        }
        post(report);
    }

    private void judge(long now) {
        long silence = now - heardAt;
        if (contact == Contact.HEARD && silence > 800_000_000L) {
            contact = Contact.SILENT;
            post(new Event.PeerContact(Contact.SILENT, moment()));
        }
        boolean wanted = contact != Contact.GONE || situation.provisional();
        if (wanted && silence > 250_000_000L && !asking) {
            askForProof();
        }
    }

    /** The peer's host refuses the connection, and its guard says that all is stopped. */
    private void askForProof() {
        Moment asked = moment();
        long born = boot;
        SimNode peer = peerNode();
        asking = true;
        world.after(
                world.travel().plus(world.travel()),
                () -> {
                    asking = false;
                    if (peer.fenceable() && born == boot && world.both(name, peer.name)) {
                        fence(peer);
                    }
                    boolean refused =
                            peer.powered
                                    && !peer.frozen
                                    && !peer.running
                                    && !peer.servicesUp
                                    && peer.copy.role == DatabaseRole.STOPPED
                                    && world.both(name, peer.name);
                    if (refused && born == boot) {
                        contact = Contact.GONE;
                        peerBoot = peer.boot;
                        post(new Event.PeerContact(Contact.GONE, asked));
                    }
                });
    }

    /** Its process hangs, its guard does not, and it has been still for most of a lease. */
    private boolean fenceable() {
        long patience = recovery.settings().timers().lease().toNanos() * 6 / 10;
        return hung && powered && !frozen && sim.guarded && clock() - loopAt > patience;
    }

    /** Asks the peer's guard to end the process, where this node is ready to go on. */
    private void fence(SimNode peer) {
        if (recovery.wouldReplaceHolder(situation, moment())) {
            world.tell(name + " has " + peer.name + " ended, which hangs");
            peer.kill();
            world.after(
                    world.between(500, 4_000),
                    () -> {
                        if (!peer.running && peer.powered) {
                            peer.boot();
                            sim.store.returned(peer);
                        }
                    });
        }
    }

    private void observe(long born) {
        if (born != boot || !running) {
            return;
        }
        if (awake()) {
            told.voters();
            copy.pull();
            seenSilent = diskHangs() && copy.role == DatabaseRole.PRIMARY;
            post(new Event.Databases(sim.data.present() ? List.of(facts()) : List.of()));
            volumeSeenBad = volumeBad || diskHungFor(VOLUME_NANOS);
            post(new Event.Services(List.of(service(), volume(), dataVolume())));
        }
        world.after(Duration.ofMillis(200), () -> observe(born));
    }

    /** Writes to the database's disk hang from now on, or go on. */
    void diskHangs(boolean hangs) {
        world.tell("disk of " + name + (hangs ? " hangs" : " answers"));
        diskHangsSince = hangs ? world.now() : NEVER;
    }

    boolean diskHangs() {
        return diskHangsSince != NEVER;
    }

    private boolean diskHungFor(long nanos) {
        return diskHangs() && world.now() - diskHangsSince >= nanos;
    }

    /** Of a primary that cannot be asked nothing is known. */
    private DatabaseFacts silent() {
        return new DatabaseFacts(
                "demo",
                diskHungFor(SILENT_NANOS) ? DatabaseRole.FAILED : copy.role,
                false,
                false,
                ReplicationMode.ASYNCHRONOUS,
                OptionalLong.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                "",
                Optional.of("does not answer"));
    }

    DatabaseFacts facts() {
        if (diskHangs() && copy.role == DatabaseRole.PRIMARY) {
            return silent();
        }
        boolean primary = copy.role == DatabaseRole.PRIMARY;
        Copy other = peerNode().copy;
        boolean attached = primary && other.streaming(copy);
        boolean caughtUp = attached && copy.log.size() - other.log.size() < 5;
        return new DatabaseFacts(
                "demo",
                copy.role,
                attached,
                caughtUp,
                copy.mode,
                OptionalLong.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                "",
                copy.role == DatabaseRole.STANDBY && !copy.streaming(other)
                        ? Optional.of("not streaming")
                        : Optional.empty());
    }

    private ServiceFacts service() {
        ServiceCondition condition =
                !servicesUp
                        ? situation.phase() == Phase.ACTIVE
                                ? ServiceCondition.FAILED
                                : ServiceCondition.STOPPED
                        : serviceBroken ? ServiceCondition.FAILED : ServiceCondition.RUNNING;
        return new ServiceFacts("web", true, condition, 0, Optional.empty(), Optional.empty());
    }

    private ServiceFacts volume() {
        ServiceCondition condition = volumeBad ? ServiceCondition.FAILED : ServiceCondition.RUNNING;
        return new ServiceFacts("disk", true, condition, 0, Optional.empty(), Optional.empty());
    }

    private ServiceFacts dataVolume() {
        ServiceCondition condition =
                diskHungFor(VOLUME_NANOS)
                        ? ServiceCondition.FAILED
                        : diskHangs() ? ServiceCondition.DOWN : ServiceCondition.RUNNING;
        return new ServiceFacts(
                ServiceFacts.DATA_VOLUME, true, condition, 0, Optional.empty(), Optional.empty());
    }

    Event.PeerReport report() {
        return new Event.PeerReport(
                situation.phase(), situation.able(), copy.role == DatabaseRole.PRIMARY);
    }
}
