package io.understudy.core.state;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** How much a state or an advice asks of a person, the least first; all faces colour by it. */
public enum Gravity {
    /** As it should be. */
    GOOD("normal stand-alone"),
    /** As it should be, away from home. */
    AWAY("idle idle-both-restarted idle-home-restarted idle-backup-restarted"),
    /** Passes by itself. */
    BUSY(
            "standby-loading standby-starting fallback-under-way fallback-home-restarted"
                    + " automatic-fallback-under-way auto-recovery-database auto-recovery-service"
                    + " failover-under-way manual-failover-under-way failover-backup-restarted starting"
                    + " home-takes-back"),
    /** Somebody should look at it. */
    WARN(
            "standby-unable standby-failed standby-unseen standby-stopped stopped-on-purpose"
                    + " not-enabled home-failed peer-down peer-reboot failed-over"
                    + " failed-over-unseen-at-start failed-over-database failed-over-service"
                    + " home-starting home-stopped stepping-down stand-alone-stopped"),
    /** Somebody must act now; what nobody has weighed counts so, too. */
    ALARM(
            "failed-start failed-service failed-database failed-take-over failed-take-back failed"
                    + " both-active both-unseen home-failed-nobody-serves nobody-serves home-unseen"
                    + " backup-lost stand-alone-failed no-majority");

    private final Set<String> advice;

    Gravity(String advice) {
        this.advice = Set.of(advice.split(" "));
    }

    /** Returns how grave a node's state is by itself. */
    public static Gravity of(NodeState state) {
        return switch (state) {
            case NORMAL -> GOOD;
            case IDLE, RUNNING_IN_BACKUP_MODE -> AWAY;
            case INITIALIZING, TAKING_OVER, FAILING_OVER, FALLING_BACK, TAKING_BACK -> BUSY;
            case FAILED_OVER, FAILED_OVER_CRITICAL_SERVICES_NOT_RUNNING, UNKNOWN -> WARN;
            case RUNNING_IN_FAILED_MODE -> ALARM;
        };
    }

    /**
     * Returns how grave the situation is that an advice is about.
     *
     * @param key with or without the prefix {@code advice.}
     */
    public static Gravity ofAdvice(String key) {
        String name = key.startsWith("advice.") ? key.substring("advice.".length()) : key;
        return Arrays.stream(values())
                .filter(gravity -> gravity.advice.contains(name))
                .findFirst()
                .orElse(ALARM);
    }

    /** Returns every advice that has been weighed. */
    static List<String> weighed() {
        return Arrays.stream(values()).flatMap(g -> g.advice.stream()).sorted().toList();
    }
}
