// Maintenance: who holds an instance, why and until when; placing a hold and releasing it.

import { h } from "./dom.js";
import { clock, duration, t } from "./text.js";

const HOUR = 3600000;
const MOST_DAYS = 30;

export function holdBanners(view, sign) {
  return view.groups.flatMap((group) => group.instances).filter((instance) => instance.hold).map((instance) => {
    const hold = instance.hold;
    return h("section", { class: "banner busy", "data-key": `hold-${instance.name}`, role: "status" }, sign("busy"),
      h("div", {},
        h("h2", {}, t("hold.headline", { instance: instance.name })),
        h("p", { class: "advice" }, t("hold.who", { by: hold.by, since: clock(hold.since), reason: hold.reason })),
        h("p", {}, t("hold.until", { until: clock(hold.until), left: duration(Math.max(0, hold.leftMillis) / 1000) }))),
      h("button", { type: "button", class: "main", "data-do": "release", "data-instance": instance.name }, t("action.RELEASE")));
  });
}

export function holdButton(instance) {
  return instance.hold ? null : h("button", {
    type: "button", class: "quiet", "data-do": "hold", "data-instance": instance.name,
  }, t("action.HOLD"));
}

function local(time) {
  return new Date(time - new Date(time).getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

function field(key, input) {
  return h("label", {}, h("span", {}, t(key)), input);
}

function buttons(key) {
  return h("p", { class: "buttons" },
    h("button", { type: "submit", value: "no", class: "quiet", formnovalidate: true }, t("action.cancel")),
    h("button", { type: "submit", value: "yes", class: "main" }, t(key)));
}

// What the dialog asks before a hold or a release; what was entered is read by request().
export function holdForm(kind, instance) {
  if (kind === "release") {
    return [h("h2", {}, t("hold.release-title", { instance })), h("p", {}, t("hold.release-ask")), buttons("hold.release-now")];
  }
  return [
    h("h2", {}, t("hold.title", { instance })),
    h("p", {}, t("hold.ask")),
    field("hold.reason", h("input", { id: "hold-reason", maxlength: 500, required: true, autocomplete: "off" })),
    field("hold.end", h("input", {
      id: "hold-until", type: "datetime-local", required: true, value: local(Date.now() + HOUR), min: local(Date.now()),
      max: local(Date.now() + MOST_DAYS * 24 * HOUR),
    })),
    field("hold.by", h("input", { id: "hold-by", maxlength: 64, pattern: "[A-Za-z0-9._@\\-]*", autocomplete: "username" })),
    buttons("hold.now"),
  ];
}

// The request to the node. The time is sent as a length: the clocks of this host and of the node need not agree.
export function holdRequest(kind, instance, entered) {
  const path = `instances/${encodeURIComponent(instance)}/hold`;
  if (kind === "release") {
    return { path, options: { method: "DELETE" } };
  }
  const seconds = Math.max(1, Math.round((new Date(entered("hold-until")).getTime() - Date.now()) / 1000));
  const by = entered("hold-by");
  return {
    path,
    options: {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(by ? { "X-Operator": by } : {}) },
      body: JSON.stringify({ for: `${seconds}s`, reason: entered("hold-reason") }),
    },
  };
}
