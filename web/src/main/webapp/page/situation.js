// What the state means for a person: how bad it is, what to say first, what to offer. No page, no network.

const ORDER = ["good", "away", "busy", "warn", "alarm"];

export const ACTIONS = ["SWITCHOVER", "FAILOVER", "FALLBACK", "RECOVER", "RESYNC"];

export function worse(a, b) {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}

// How grave a node's state is by itself, as the node says; of a node that nothing is told of, that it wants a look.
export function stateSeverity(state) {
  return (state.gravity ?? "WARN").toLowerCase();
}

// The node state with the gravest advice of a group; null where no state is known.
function gravest(group) {
  const known = group.states.filter((state) => state.advice && state.adviceGravity);
  known.sort((a, b) => rank(b) - rank(a));
  return known[0] ?? null;
}

function rank(state) {
  return ORDER.indexOf(state.adviceGravity.toLowerCase());
}

export function otherNode(instance, node) {
  return node === instance.home ? instance.backup : instance.home;
}

function isMoving(group) {
  return group.states.some((state) => stateSeverity(state) === "busy" && state.state !== "INITIALIZING");
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

function instanceSeverity(group, instance, told) {
  const base = told ?? group.states.map(stateSeverity).reduce(worse, "good");
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
    const state = gravest(group);
    const advice = state?.advice.replace(/^advice\./, "") ?? null;
    const told = state?.adviceGravity.toLowerCase() ?? null;
    for (const instance of group.instances) {
      const base = instanceSeverity(group, instance, told);
      const byHand = base === "alarm" || base === "busy" ? null : stoppedByHand(instance);
      const severity = byHand ? worse(base, "warn") : base;
      const weak = severity === "warn" && ["good", "away"].includes(told);
      found.push({
        severity,
        headline: byHand?.headline ?? instanceHeadline(group, instance, advice),
        next: byHand?.next,
        advice: weak ? null : advice,
        reasons: weak ? weaknesses(instance) : [],
        remedy: instance.remedy ?? null,
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
