// Why an instance is where it is, and what stops what does not happen: a panel below the instance.

import { h } from "./dom.js";
import { because, bytes, duration, has, millis, t } from "./text.js";

// A sentence is a key with values; a value that is a constant's name is a word of the kind it is called after.
export function said(sentence) {
  if (!has(sentence.key)) {
    return sentence.text;
  }
  const values = {};
  for (const [name, value] of Object.entries(sentence.values ?? {})) {
    values[name] = has(`${name}.${value}`) ? t(`${name}.${value}`) : value;
  }
  return t(sentence.key, values);
}

export function whyPanel(explanation) {
  if (!explanation) {
    return null;
  }
  const { headline, facts, nodes } = explanation;
  return h("section", { class: "why", "data-key": `why-${explanation.instance}` },
    headline && [
      h("h4", {}, said(headline.what)),
      headline.sinceMillis != null && h("p", {}, t("instance.why-since", { time: duration(headline.sinceMillis / 1000) })),
      h("p", {}, said(headline.why)),
      h("p", { class: "advice" }, said(headline.next)),
    ],
    facts.map((fact) => h("p", {}, said(fact))),
    nodes.map(nodePart));
}

function nodePart(node) {
  const actions = [...new Set(node.whyNot.map((one) => one.action))];
  return h("div", { "data-key": `why-${node.node}` },
    h("h4", {}, node.node),
    node.answered && promotable(node.promotable),
    h("ul", {}, node.facts.map((fact) => h("li", {}, said(fact)))),
    actions.map((action) => [
      h("p", {}, t(`instance.not-${action}`)),
      h("ul", {}, node.whyNot.filter((one) => one.action === action).map((one) =>
        h("li", {}, said(one.because), one.rule
        && h("small", {}, " ", /^[RL]\d+$/.test(one.rule) ? `${one.rule}: ` : "", t(`rule.${one.rule}`))))),
    ]));
}

function promotable(one) {
  if (!one || one.serves) {
    return null;
  }
  const loss = one.lossless ? t("instance.why-lossless") : t("instance.why-loss", {
    time: one.lossSinceMillis == null ? "?" : duration(one.lossSinceMillis / 1000),
    bytes: one.lossBytes == null ? "?" : bytes(one.lossBytes),
  });
  if (one.promotable) {
    return h("p", {}, t("instance.why-can", {
      node: one.node, outage: millis(one.expectedOutageMillis), longest: millis(one.longestOutageMillis),
    }), " ", loss);
  }
  return h("p", {}, t("instance.why-cannot", { node: one.node }), " ", because(one.reasons, one.node).join(" "), " ", loss);
}
