// Turns the state into the page. What it builds is compared with what is there; see dom.js.

import { h } from "./dom.js";
import { holdBanners, holdButton } from "./hold.js";
import { because, bytes, clock, duration, has, millis, number, t, word } from "./text.js";
import { ACTIONS, assess, isWell, offer, stateSeverity } from "./situation.js";
import { said, whyPanel } from "./why.js";

// A group of so many instances is still shown in full.
const FEW = 6;
const MOST_NOTES = 12;
const SIGNS = { good: "✓", away: "i", busy: "…", warn: "!", alarm: "✕" };

export function sign(severity) {
  return h("span", { class: `sign ${severity}`, "aria-hidden": "true" }, SIGNS[severity]);
}

export function page(model) {
  const view = model.view;
  if (!view) {
    return h("main", { id: "all" }, stale(model), h("p", { class: "card" }, t("page.loading")));
  }
  const found = assess(view);
  return h("main", { id: "all", class: model.staleSeconds ? "old" : null },
    stale(model),
    operation(model.operation),
    holdBanners(view, sign),
    view.groups.length === 0 ? nothingYet() : found.slice(0, 1).map(banner),
    found.slice(1, MOST_NOTES).filter((one) => one.severity !== "good").map(note),
    view.groups.map((group) => groupCard(view, group, model.why ?? {})),
    members(view),
    events(model.events));
}

function stale(model) {
  if (!model.staleSeconds) {
    return null;
  }
  return h("section", { class: "banner alarm", "data-key": "stale", role: "alert" }, sign("alarm"),
    h("div", {}, h("h2", {}, t("page.stale", { seconds: number(model.staleSeconds) })),
      h("p", {}, t("page.stale-next"))));
}

function nothingYet() {
  return h("section", { class: "banner warn", "data-key": "nothing" }, sign("warn"),
    h("div", {}, h("h2", {}, t("page.no-groups")), h("p", {}, t("page.no-groups-next"))));
}

function advised(found) {
  if (found.next) {
    return t(found.next, found.headline.values);
  }
  return found.advice ? t(`advice.${found.advice}`)
    : because(found.reasons, found.instance?.promotableNode).join(" ") || found.problem;
}

function banner(found) {
  return h("section", { class: `banner ${found.severity}`, "data-key": "banner", role: "status" },
    sign(found.severity),
    h("div", {},
      h("p", { class: "severity" }, t(`severity.${found.severity}`)),
      h("h2", {}, t(found.headline.key, found.headline.values)),
      h("p", { class: "advice" }, advised(found))),
    found.remedy && h("button", {
      type: "button", class: "main", "data-do": found.remedy, "data-instance": found.instance.name,
    }, t(`action.${found.remedy}`)));
}

function note(found) {
  return h("section", { class: `note ${found.severity}` }, sign(found.severity),
    h("p", {}, h("strong", {}, t(found.headline.key, found.headline.values)), " ", advised(found)));
}

function operation(running) {
  if (!running) {
    return null;
  }
  const state = running.view.state;
  const severity = { RUNNING: "busy", DONE: "good" }[state] ?? "alarm";
  const last = running.view.phases?.at(-1);
  const steps = (running.view.phases ?? []).filter((phase) => phase.name !== state);
  const key = running.lost ? "operation.unknown" : `operation.${state}`;
  return h("section", { class: `note ${severity}`, "data-key": `operation-${running.view.id}`, role: "status" },
    sign(severity),
    h("div", {},
      h("p", {}, h("strong", {}, t(key, {
        action: t(`action.${running.view.kind}`), instance: running.view.instance,
        time: last ? millis(last.afterMillis) : "",
      })), " ", severity === "alarm" ? running.view.message : null),
      severity === "alarm" && running.view.next && h("p", {}, t("next.label"), ": ", running.view.next),
      steps.length > 0 && h("ol", { class: "phases" }, steps.map((phase) =>
        h("li", {}, t(`step.${phase.name}`), " ", h("small", {}, millis(phase.afterMillis)))))),
    state !== "RUNNING" && h("button", { type: "button", class: "quiet", "data-do": "dismiss" }, t("action.close")));
}

function groupCard(view, group, why) {
  return h("section", { class: "card", "data-key": `group-${group.name}` },
    h("header", { class: "group" },
      h("h2", {}, group.name), group.description && h("p", {}, group.description),
      h("p", { class: "facts" }, fact("group.assignment", word("assignment", group.assignment)),
        fact("group.failover", word("mode", group.failover)), fact("group.fallback", word("mode", group.fallback)),
        fact("group.on-quorum-loss", word("quorum-loss", group.onQuorumLoss)))),
    h("div", { class: "nodes" }, group.nodes.map((node) => nodeCard(view, group, node))),
    instances(view, group, why));
}

// Of a large group those that are well are folded away.
function instances(view, group, why) {
  const card = (instance) => instanceCard(view, group, instance, why);
  if (group.instances.length <= FEW) {
    return group.instances.map(card);
  }
  const well = group.instances.filter(isWell);
  return [
    group.instances.filter((instance) => !isWell(instance)).map(card),
    well.length > 0 && h("details", { "data-key": `well-${group.name}` },
      h("summary", {}, t("group.well", { number: number(well.length) })), well.map(card)),
  ];
}

function fact(label, value) {
  return h("span", {}, h("span", { class: "label" }, t(label), ": "), value, " ");
}

function nodeCard(view, group, name) {
  const state = group.states.find((one) => one.node === name) ?? { state: "UNKNOWN" };
  const severity = stateSeverity(state);
  const serves = group.instances.filter((one) => one.active === name);
  const home = group.instances.some((one) => one.home === name);
  return h("article", { class: `node ${severity}`, "data-key": `node-${name}` },
    h("h3", {}, name, " ", h("small", {}, t(home ? "node.home" : "node.backup"),
      name === view.node ? ` · ${t("node.here")}` : "")),
    h("p", { class: "state" }, sign(severity), word("state", state.state)),
    serves.length > FEW
      ? h("p", { class: "serves" }, t("node.serves-many", { number: number(serves.length) }))
      : serves.map((one) => h("p", { class: "serves" }, t("node.serves", { instance: one.name }))),
    !["NORMAL", "UNKNOWN", null, undefined].includes(state.reason) && h("p", {}, h("span", { class: "label" }, t("node.reason"), ": "),
      word("reason", state.reason)),
    state.pairState && h("p", { class: "pair" }, t("node.pair"), ": ", word("pair-state", state.pairState)));
}

function instanceCard(view, group, instance, why) {
  return h("article", { class: "instance", "data-key": `instance-${instance.name}` },
    h("h3", {}, t("instance.title", { instance: instance.name })),
    h("dl", {}, instanceFacts(view, instance)),
    services(instance), databases(instance),
    h("p", { class: "actions" }, ACTIONS.map((kind) => {
      const can = offer(view, group, instance, kind);
      return h("button", {
        type: "button", "data-do": kind, "data-instance": instance.name, class: can.offered ? null : "not-now",
        title: t(`button.${can.why}`),
      }, t(`action.${kind}`));
    }),
    holdButton(instance),
    h("button", {
      type: "button", class: "quiet", "data-do": "why", "data-instance": instance.name,
      "aria-expanded": String(instance.name in why),
    }, t("action.why"))),
    whyPanel(why[instance.name]));
}

function instanceFacts(view, instance) {
  const promotable = instance.promotable
    ? t("instance.promotable-yes", { node: instance.promotableNode })
    : instance.promotableNode ? t("instance.promotable-no", { node: instance.promotableNode })
      : t("instance.promotable-none");
  return [
    pair("instance.served-by", h("strong", {}, instance.active ?? t("instance.nobody")),
      instance.provisional ? ` (${t("instance.provisional")})` : null),
    pair("instance.assigned", instance.assigned ?? "–", " ",
      instance.reason && instance.reason !== "NORMAL" ? h("small", {}, word("reason", instance.reason)) : null),
    pair("instance.home", instance.home, " → ", instance.backup),
    pair("instance.epoch", number(instance.epoch), " ", instance.leaseLeftMillis != null
      ? h("small", {}, t("instance.lease"), " ", duration(instance.leaseLeftMillis / 1000)) : null),
    pair("instance.promotable", sign(instance.promotable ? "good" : "warn"), promotable,
      !instance.promotable && because(instance.promotableReasons, instance.promotableNode).map((reason) =>
        h("span", { class: "because" }, reason))),
    instance.preview?.length > 0 && pair("instance.preview", sign("warn"),
      instance.preview.map((one) => h("span", { class: "because" }, said(one)))),
    pair("instance.protection", sign(isProtected(instance) ? "good" : "warn"), word("protection", instance.protection)),
    instance.inSync?.length > 0 && pair("instance.in-sync", instance.inSync.join(", ")),
    instance.addresses?.length > 0 && pair("instance.addresses", instance.addressStates?.length > 0
      ? instance.addressStates.map(address) : instance.addresses.join(", ")),
    instance.ports?.length > 0 && pair("instance.ports", instance.ports[0].ports.join(", "), instance.ports.map((it) =>
      h("div", {}, sign(it.state === "OFF" ? "warn" : "good"), `${it.node} `, h("small", {}, word("gate", it.state),
        it.problem ? ` (${it.problem})` : null)))),
    instance.phase && h("div", {}, h("dt", {}, t("instance.here", { node: view.node })),
      h("dd", {}, word("here", instance.phase))),
  ];
}

const REACHED = { CONFIRMED: "good", ELSEWHERE: "alarm", UNHEARD: "alarm" };

function address(one) {
  const details = [one.by, one.reached === "CONFIRMED" ? null : one.mac,
    one.confirmedAfterMillis != null ? duration(one.confirmedAfterMillis / 1000) : null, 
    one.rival ? t("rival", { mac: one.rival }) : null, one.problem].filter((it) => it);
  return h("div", {}, sign(one.rival ? "alarm" : REACHED[one.reached] ?? "warn"), `${one.address} → ${one.node} `,
    h("small", {}, word("reached", one.reached), details.length > 0 ? ` (${details.join(", ")})` : null));
}

function isProtected(instance) {
  return instance.protection !== "UNPROTECTED";
}

function pair(label, ...value) {
  return h("div", {}, h("dt", {}, t(label)), h("dd", {}, value));
}

function services(instance) {
  if (!instance.services?.length) {
    return null;
  }
  return h("table", {},
    h("caption", {}, t("services.title")),
    head("services.name", "services.node", "services.condition", "services.use"),
    h("tbody", {}, instance.services.map((service) => {
      const severity = { RUNNING: "good", STARTING: "busy", STOPPED: service.byHand ? "warn" : "quiet" }[service.condition] ?? "alarm";
      return h("tr", { "data-key": `${service.name}@${service.node}` },
        cell("services.name", h("strong", {}, service.name), service.critical ? [" ", h("small", {}, t("services.critical"))] : null),
        cell("services.node", service.node),
        cell("services.condition", badge(severity, word("condition", service.byHand ? "STOPPED_BY_HAND" : service.condition)),
          service.pid != null ? [" ", h("small", {}, t("services.pid", { pid: service.pid }))] : null,
          service.restarts > 0 ? [" ", h("small", {}, t("services.restarts", { count: number(service.restarts) }))] : null,
          service.problem && !service.byHand && h("p", { class: "problem" }, service.problem)),
        cell("services.use", h("small", {}, use(service).join(" · ") || "–")));
    })));
}

// How a service is started, since when it runs, what it uses; of a volume how full and how fast it is.
function use(service) {
  const { started, cpuPercent, memoryBytes, usedPercent, latencyMillis } = service.use ?? {};
  return [
    service.mode && word("mode", service.mode),
    started && t("services.started", { time: clock(started) }),
    cpuPercent != null && t("services.cpu", { percent: number(cpuPercent, 1) }),
    memoryBytes != null && t("services.memory", { bytes: bytes(memoryBytes) }),
    usedPercent != null && t("services.used", { percent: number(usedPercent) }),
    latencyMillis != null && t("services.latency", { time: millis(latencyMillis) }),
  ].filter(Boolean);
}

function databases(instance) {
  if (!instance.databases?.length) {
    return null;
  }
  return h("table", {},
    h("caption", {}, t("databases.title")),
    head("databases.name", "services.node", "databases.role", "databases.lag"),
    h("tbody", {}, instance.databases.map((database) => {
      const severity = { PRIMARY: "good", STANDBY: "good", RESYNCING: "busy", STOPPED: "quiet" }[database.role] ?? "alarm";
      return h("tr", { "data-key": `${database.name}@${database.node}` },
        cell("databases.name", h("strong", {}, database.name), " ", h("small", {}, database.engine?.toLowerCase())),
        cell("services.node", database.node),
        cell("databases.role", badge(severity, word("role", database.role)), " ",
          database.role === "PRIMARY" ? h("small", {}, word("replication", database.replication), ", ",
            t(database.standbyAttached ? "databases.attached" : "databases.detached")) : null,
          database.problem && h("p", { class: "problem" }, database.problem)),
        cell("databases.lag", progress(database)));
    })));
}

function progress(database) {
  if (database.role === "RESYNCING") {
    const percent = database.resyncPercent ?? 0;
    const left = database.resyncLeftSeconds;
    return [h("progress", { max: 100, value: percent, "aria-label": t("role.RESYNCING") }), " ",
      left == null ? t("databases.resync", { percent: number(percent) })
        : t("databases.resync-left", { percent: number(percent), time: duration(left) })];
  }
  if (database.lagBytes == null) {
    return "–";
  }
  return [database.lagBytes === 0 ? t("databases.no-lag") : bytes(database.lagBytes), " ",
    database.position ? h("small", {}, database.position) : null];
}

function badge(severity, text) {
  return h("span", { class: `badge ${severity}` }, text);
}

function head(...labels) {
  return h("thead", {}, h("tr", {}, labels.map((label) => h("th", { scope: "col" }, t(label)))));
}

function cell(label, ...content) {
  return h("td", { "data-label": t(label) }, h("div", {}, content));
}

function members(view) {
  const some = view.members.some((member) => member.voter);
  return h("section", { class: "card", "data-key": "members" },
    h("h2", {}, t("section.members")),
    h("p", { class: "facts" }, sign(view.redundant ? "good" : "warn"),
      view.redundant ? t("cluster.redundant") : view.redundancyProblem ?? t("cluster.not-redundant")),
    h("table", {},
      head("members.name", "members.role", "members.contact", "members.response", "members.version"),
      h("tbody", {}, view.members.map((member) => {
        const severity = member.removed ? "quiet"
          : { SELF: "good", HEARD: "good", SILENT: "warn" }[member.contact] ?? "alarm";
        const here = severity === "good";
        const contact = word("contact", member.removed ? "REMOVED" : member.contact);
        return h("tr", { "data-key": member.name },
          cell("members.name", h("strong", {}, member.name), " ", h("small", {}, member.address)),
          cell("members.role", word("memberrole", member.role)),
          cell("members.contact", badge(severity, !here && !member.removed && member.sinceMillis != null
            ? t("contact.since", { contact, time: duration(member.sinceMillis / 1000) }) : contact),
            member.voter ? [" ", h("small", {}, t("members.voter"))] : null,
            (member.paths ?? []).filter((path) => path.state === "LOST").map((path) =>
              h("p", { class: "problem" }, word("pathadvice", path.path))),
            some && member.seat && !member.voter && here ? h("p", { class: "problem" }, t("contact.NO_VOTE")) : null),
          cell("members.response", member.meanResponseMillis == null ? "–" : millis(member.meanResponseMillis),
            member.jitterMillis == null ? null : h("small", {}, " ± ", millis(member.jitterMillis)),
            (member.paths ?? []).filter((path) => path.path === "DIRECT").map((path) => h("p", {},
              badge({ UP: "good", LOST: "alarm" }[path.state] ?? "quiet",
                `${word("path", path.path)}: ${word("pathstate", path.state)}`), " ",
              path.state !== "UP" || path.meanResponseMillis == null ? null : millis(path.meanResponseMillis),
              path.state !== "UP" || path.jitterMillis == null ? null
                : h("small", {}, " ± ", millis(path.jitterMillis))))),
          cell("members.version", member.version ?? "–"));
      }))));
}

function events(list) {
  return h("section", { class: "card", "data-key": "events" },
    h("h2", {}, t("section.events")),
    list.length === 0 ? h("p", {}, t("events.none")) : h("ol", { class: "events" }, list.toReversed().map((event) => {
      const severity = { INFO: "quiet", WARNING: "warn", ALARM: "alarm" }[event.severity] ?? "quiet";
      const text = eventText(event);
      return h("li", { "data-key": event.number },
        h("time", { datetime: event.time, title: event.time }, clock(event.time)),
        badge(severity, t(`eventseverity.${event.severity}`)),
        h("span", { title: event.message }, text), " ", h("small", {}, event.node));
    })));
}

function eventText(event) {
  const key = `event.${event.code}`;
  if (!has(key)) {
    return event.message;
  }
  const values = { instance: event.instance ?? "–", node: event.node ?? "–", ...event.details };
  for (const [name, value] of Object.entries(values)) {
    if (/^[A-Z][A-Z_]+$/.test(value) && has(`${name}.${value}`)) {
      values[name] = word(name, value);
    }
  }
  if (values.operation) {
    values.operation = word("action", values.operation);
  }
  // A sentence that ends with what was left empty ends before it.
  return t(key, values).replace(/\{[\w-]+\}/g, "–").replace(/[:：]\s*$/, "");
}
