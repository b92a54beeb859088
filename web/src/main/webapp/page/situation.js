// What the state means for a person: how bad it is, what to say first, what to offer. No page, no network.

const ORDER = ["good", "away", "busy", "warn", "alarm"];

const BY_ADVICE = {
  good: ["normal", "stand-alone"],
  away: ["idle", "idle-both-restarted", "idle-home-restarted", "idle-backup-restarted"],
  busy: ["standby-loading", "standby-starting", "fallback-under-way", "fallback-home-restarted",
    "automatic-fallback-under-way", "auto-recovery-database", "auto-recovery-service", "failover-under-way",
    "manual-failover-under-way", "failover-backup-restarted", "starting", "home-takes-back"],
  warn: ["standby-unable", "standby-failed", "standby-unseen", "standby-stopped", "stopped-on-purpose", "not-enabled",
    "home-failed", "peer-down", "peer-reboot", "failed-over", "failed-over-unseen-at-start", "failed-over-database",
    "failed-over-service", "home-starting", "home-stopped", "stepping-down", "stand-alone-stopped"],
};

const REMEDY = {
  FALLBACK: ["idle", "idle-both-restarted", "idle-home-restarted", "idle-backup-restarted", "failed-over",
    "failed-over-unseen-at-start"],
  RECOVER: ["stopped-on-purpose", "failed-start", "failed-service", "failed-database", "failed-take-over",
    "failed-take-back", "failed", "standby-failed", "home-failed", "home-failed-nobody-serves", "stand-alone-failed"],
};

const TRANSITIONS = ["INITIALIZING", "TAKING_OVER", "FAILING_OVER", "FALLING_BACK", "TAKING_BACK"];

export const ACTIONS = ["SWITCHOVER", "FAILOVER", "FALLBACK", "RECOVER", "RESYNC"];

export function worse(a, b) {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}

export function stateSeverity(state) {
  if (TRANSITIONS.includes(state)) {
    return "busy";
  }
  if (state === "NORMAL") {
    return "good";
  }
  if (state === "IDLE" || state === "RUNNING_IN_BACKUP_MODE") {
    return "away";
  }
  return state === "RUNNING_IN_FAILED_MODE" ? "alarm" : "warn";
}

function adviceSeverity(advice) {
  for (const [severity, keys] of Object.entries(BY_ADVICE)) {
    if (keys.includes(advice)) {
      return severity;
    }
  }
  return "alarm";
}

// The gravest advice among a group's nodes; null where no state is known.
function groupAdvice(group) {
  const known = group.states.filter((state) => state.advice);
  known.sort((a, b) => ORDER.indexOf(adviceSeverity(b.advice)) - ORDER.indexOf(adviceSeverity(a.advice)));
  return known[0]?.advice?.replace(/^advice\./, "") ?? null;
}

export function otherNode(instance, node) {
  return node === instance.home ? instance.backup : instance.home;
}

function isMoving(group) {
  const states = group.states.map((state) => state.state);
  return states.some((state) => TRANSITIONS.includes(state) && state !== "INITIALIZING");
}

// A manual failover is the operator's own wish, not a weakness.
function ready(instance) {
  return instance.promotable || weaknesses(instance).length === 0;
}

// Served, ready to be taken over, and nothing else about it that one should see.
export function isWell(instance) {
  const running = (instance.services ?? []).every((one) => one.node !== instance.active || one.condition === "RUNNING");
  const whole = (instance.databases ?? []).every((one) => !one.problem);
  return Boolean(instance.active) && !instance.parked && !instance.hold && ready(instance) && running && whole;
}

function weaknesses(instance) {
  return (instance.promotableReasons ?? []).filter((reason) => reason !== "MANUAL");
}

function instanceHeadline(group, instance, advice) {
  const active = instance.active;
  const values = { instance: instance.name, active, other: active ? otherNode(instance, active) : null };
  if (advice === "both-active") {
    return { key: "headline.both", values };
  }
  if (active && advice === "stand-alone") {
    return { key: "headline.stand-alone", values };
  }
  if (active) {
    return { key: ready(instance) ? "headline.ready" : "headline.alone", values };
  }
  if (instance.parked) {
    return { key: "headline.parked", values };
  }
  if (isMoving(group)) {
    return { key: "headline.moving", values };
  }
  return { key: advice === "starting" ? "headline.starting" : "headline.nobody", values };
}

function instanceSeverity(group, instance, advice) {
  const base = advice ? adviceSeverity(advice)
    : group.states.map((state) => stateSeverity(state.state)).reduce(worse, "good");
  if (instance.active && (base === "good" || base === "away") && !ready(instance)) {
    return "warn";
  }
  if (!instance.active && !instance.parked && base !== "busy" && !isMoving(group)) {
    return "alarm";
  }
  return base;
}

// A service that an operator stopped where the instance is served: what to say, and what to do when the work is done.
function stoppedByHand(instance) {
  const stopped = instance.services?.find((one) =>
    one.node === instance.active && one.critical && one.condition === "STOPPED" && one.problem);
  return stopped ? {
    headline: { key: "what.service-stopped", values: { instance: instance.name, active: instance.active, service: stopped.name } },
    next: "next.service-stopped",
  } : null;
}

// One entry per instance, the gravest first, then what concerns the cluster as a whole.
export function assess(view) {
  const found = [];
  for (const group of view.groups) {
    const advice = groupAdvice(group);
    for (const instance of group.instances) {
      const remedy = Object.keys(REMEDY).find((kind) => REMEDY[kind].includes(advice)) ?? null;
      const state = instanceSeverity(group, instance, advice);
      const byHand = state === "alarm" || state === "busy" ? null : stoppedByHand(instance);
      const severity = byHand ? worse(state, "warn") : state;
      const weak = severity === "warn" && ["good", "away"].includes(adviceSeverity(advice));
      found.push({
        severity,
        headline: byHand?.headline ?? instanceHeadline(group, instance, advice),
        next: byHand?.next,
        advice: weak ? null : advice,
        reasons: weak ? weaknesses(instance) : [],
        remedy: remedy && offer(view, group, instance, remedy).offered ? remedy : null,
        group,
        instance,
      });
    }
  }
  if (!view.redundant && view.groups.length > 0) {
    found.push({
      severity: "warn", headline: { key: "headline.cluster", values: {} }, advice: null, remedy: null,
      problem: view.redundancyProblem,
    });
  }
  return found.sort((a, b) => ORDER.indexOf(b.severity) - ORDER.indexOf(a.severity));
}

// What the node says of an action; the one that acts may still refuse. `why` is a key of "button.".
export function offer(view, group, instance, kind) {
  const active = instance.active;
  const target = kind === "FALLBACK" ? instance.home
    : kind === "FAILOVER" ? instance.backup : otherNode(instance, active ?? instance.home);
  const from = kind === "FALLBACK" ? instance.backup : kind === "FAILOVER" ? instance.home : active;
  const said = instance.actions?.find((one) => one.kind === kind) ?? { offered: false, why: "no-under-way" };
  return {
    offered: said.offered, why: said.why, target, active: from ?? otherNode(instance, target),
    loss: said.why === "yes-failover-accept-loss",
  };
}
