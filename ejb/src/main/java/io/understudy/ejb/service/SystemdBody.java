package io.understudy.ejb.service;

import io.understudy.core.config.ServiceConfiguration;
import io.understudy.core.lease.Epoch;
import io.understudy.core.timing.Timers;
import io.understudy.ejb.process.CommandResult;
import io.understudy.ejb.process.ControlGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A unit that systemd runs. Its control group is known to the guard before the unit is started, so
 * that it ends with the lease; that systemd would start it again after that is forbidden to it for
 * the time being by a runtime setting.
 */
final class SystemdBody implements ServiceBody {

    private static final Duration ASK_LIMIT = Duration.ofSeconds(5);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(1);

    private final ServiceConfiguration service;
    private final ServiceCommands commands;
    private final Timers timers;
    private final String unit;
    private final Systemctl systemctl;
    private final Path mount;
    private volatile Optional<ControlGroup> group = Optional.empty();
    private volatile Map<String, String> seen = Map.of();
    private volatile boolean touched;

    SystemdBody(
            ServiceConfiguration service,
            ServiceCommands commands,
            Timers timers,
            Systemctl systemctl,
            Path mount) {
        this.service = service;
        this.commands = commands;
        this.timers = timers;
        this.unit = service.runBy().orElseThrow();
        this.systemctl = systemctl;
        this.mount = mount;
    }

    @Override
    public void start(Epoch asOf) throws IOException, InterruptedException {
        systemctl.requireRunning(ASK_LIMIT);
        seen = systemctl.show(unit, ASK_LIMIT);
        Optional<String> unfit = Systemctl.unfit(unit, seen);
        if (unfit.isPresent()) {
            throw new IOException(unfit.get());
        }
        touched = true;
        if (!Systemctl.over(seen)) {
            end(timers.stopLimit());
        }
        systemctl.forbidRestart(unit, ASK_LIMIT);
        hold(Systemctl.groupOf(unit, seen));
        CommandResult result = systemctl.run(List.of("start", unit), timers.startLimit());
        seen = systemctl.show(unit, ASK_LIMIT);
        hold(Systemctl.groupOf(unit, seen));
        if (result.timedOut()) {
            throw new IOException(
                    "unit "
                            + unit
                            + " was not started within "
                            + timers.startLimit().toSeconds()
                            + " s; look at 'systemctl status "
                            + unit
                            + "'");
        }
        if (!result.succeeded()) {
            throw new IOException(
                    "unit "
                            + unit
                            + " cannot be started: "
                            + result.lastLine()
                            + "; look at 'systemctl status "
                            + unit
                            + "'");
        }
    }

    private void hold(String path) throws IOException {
        ControlGroup now = new ControlGroup(mount.resolve(path.replaceFirst("^/+", "")));
        if (!group.equals(Optional.of(now))) {
            group = Optional.of(now);
            commands.hold(now);
        }
    }

    @Override
    public Optional<String> ended() {
        if (!touched) {
            return Optional.of("it is not started");
        }
        String state = seen.getOrDefault("ActiveState", "");
        return state.equals("failed") || state.equals("inactive")
                ? Optional.of(word(seen))
                : Optional.empty();
    }

    @Override
    public ProbeResult look(Epoch asOf, Duration limit) throws InterruptedException {
        try {
            seen = systemctl.show(unit, limit);
            boolean good = seen.getOrDefault("ActiveState", "").equals("active");
            return good ? ProbeResult.GOOD : ProbeResult.bad(word(seen));
        } catch (IOException e) {
            return ProbeResult.bad(e.getMessage());
        }
    }

    private String word(Map<String, String> properties) {
        return "unit "
                + unit
                + " is "
                + properties.getOrDefault("ActiveState", "unknown")
                + " ("
                + properties.getOrDefault("Result", "no result")
                + ")";
    }

    @Override
    public void stop(Epoch asOf, Duration limit) throws IOException, InterruptedException {
        if (!touched) {
            return;
        }
        if (limit.isZero()) {
            kill();
        }
        end(limit.isZero() ? ASK_LIMIT : limit);
        touched = false;
        group.ifPresent(commands::letGo);
        group = Optional.empty();
        systemctl.allowRestart(unit);
    }

    private void end(Duration limit) throws IOException, InterruptedException {
        CommandResult result = systemctl.run(List.of("stop", unit), limit);
        if (!result.succeeded()) {
            systemctl.run(List.of("kill", "--signal=SIGKILL", unit), ASK_LIMIT);
        }
        if (group.isPresent() && !group.get().kill(KILL_LIMIT)) {
            throw new IOException(
                    "processes "
                            + group.get().processes()
                            + " of unit "
                            + unit
                            + " cannot be killed; restart the host");
        }
        seen = systemctl.show(unit, ASK_LIMIT);
        if (!Systemctl.over(seen)) {
            throw new IOException(
                    "unit "
                            + unit
                            + " could not be stopped: it is "
                            + seen.get("ActiveState")
                            + "; stop it by hand, this node keeps the lease until then");
        }
    }

    @Override
    public void kill() throws InterruptedException {
        Optional<ControlGroup> now = group;
        if (now.isPresent()) {
            now.get().kill(KILL_LIMIT);
        }
    }

    /** As systemd accounts for the unit, where it does; as old as the last look. */
    @Override
    public Optional<Counted> counted() {
        Map<String, String> now = seen;
        try {
            return Optional.of(
                    new Counted(
                            Long.parseLong(now.getOrDefault("CPUUsageNSec", "")),
                            Long.parseLong(now.getOrDefault("MemoryCurrent", ""))));
        } catch (NumberFormatException notSet) {
            // "[not set]", or 2^64-1 of older versions.
            return Optional.empty();
        }
    }

    @Override
    public List<Long> processes() {
        List<Long> all = new ArrayList<>();
        String main = seen.getOrDefault("MainPID", "0");
        if (!main.equals("0") && !main.isEmpty()) {
            all.add(Long.parseLong(main));
        }
        group.ifPresent(
                g -> g.processes().stream().filter(p -> !all.contains(p)).forEach(all::add));
        return all;
    }
}
