// Asks the node each second, shows what it says, sends what the operator decides.

import { h, morph } from "./dom.js";
import { holdForm, holdRequest } from "./hold.js";
import { because, loadTexts, t } from "./text.js";
import { offer } from "./situation.js";
import { page } from "./render.js";

const TOKEN = "understudy.token";
const EVENTS_SHOWN = 15;
const STREAM_SILENCE = 15000;
const $ = (id) => document.getElementById(id);

const model = { view: null, events: [], operation: null, why: {}, staleSeconds: 0, answeredAt: Date.now() };

function draw() {
  morph($("all"), page(model));
  $("all").hidden = !sessionStorage.getItem(TOKEN);
  const view = model.view;
  $("name").textContent = view?.cluster ?? "Understudy";
  $("seen").textContent = view ? t("page.seen-from", { node: view.node }) : "";
  document.title = view ? `${view.cluster} – Understudy` : "Understudy";
}

function fixedTexts(choices, language) {
  $("language").replaceChildren(...choices.map((one) =>
    h("option", { value: one.tag, lang: one.tag, selected: one.tag === language }, one.name)));
  $("language").setAttribute("aria-label", t("page.language"));
  $("sign-out").textContent = t("page.sign-out");
  $("who-title").textContent = t("token.title");
  $("who-why").textContent = t("token.why");
  $("who-label").textContent = t("token.label");
  $("who-enter").textContent = t("token.enter");
}

class Refusal extends Error {
  constructor(problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

async function ask(path, options = {}, limitMillis = 4000) {
  const answer = await fetch(`api/v1/${path}`, {
    ...options,
    headers: { Accept: "application/json", ...options.headers, Authorization: `Bearer ${sessionStorage.getItem(TOKEN)}` },
    signal: AbortSignal.timeout(limitMillis),
  });
  if (answer.status === 401) {
    signOut(t("token.wrong"));
  }
  if (!answer.ok) {
    const isProblem = answer.headers.get("Content-Type")?.startsWith("application/problem+json");
    throw new Refusal(isProblem ? await answer.json() : { detail: `HTTP ${answer.status}`, next: null });
  }
  return answer.json();
}

function signOut(problem) {
  sessionStorage.removeItem(TOKEN);
  model.view = null;
  model.events = [];
  model.operation = null;
  model.why = {};
  showWho(problem);
}

function showWho(problem) {
  const wanted = !sessionStorage.getItem(TOKEN);
  $("who").hidden = !wanted;
  $("sign-out").hidden = wanted;
  $("who-problem").textContent = problem ?? "";
  if (wanted) {
    $("token").focus();
  }
  draw();
}

const pause = (millis) => new Promise((done) => setTimeout(done, millis));

async function watchCluster() {
  for (;;) {
    if (sessionStorage.getItem(TOKEN)) {
      try {
        model.view = await ask("cluster");
        model.answeredAt = Date.now();
        model.staleSeconds = 0;
        await refreshWhy();
      } catch (failed) {
        await note(failed);
      }
      draw();
    } else {
      model.answeredAt = Date.now();
    }
    await pause(document.hidden ? 5000 : 1000);
  }
}

// Open panels are asked for again with each state; one whose instance is gone closes.
async function refreshWhy() {
  for (const instance of Object.keys(model.why)) {
    try {
      const fresh = await ask(`instances/${encodeURIComponent(instance)}/explanation`);
      if (instance in model.why) {
        model.why[instance] = fresh;
      }
    } catch (failed) {
      if (failed instanceof Refusal && failed.problem.status === 404) {
        delete model.why[instance];
      }
    }
  }
}

async function toggleWhy(instance) {
  if (instance in model.why) {
    delete model.why[instance];
  } else {
    model.why[instance] = null;
    await refreshWhy();
  }
  draw();
}

// A refusal is an answer too; only silence makes what is shown old.
async function note(failed) {
  if (failed instanceof Refusal && failed.problem.code === "TOO_MANY_ATTEMPTS") {
    signOut(`${failed.problem.detail} ${failed.problem.next}`);
  }
  const silent = Math.round((Date.now() - model.answeredAt) / 1000);
  model.staleSeconds = sessionStorage.getItem(TOKEN) && silent >= 3 ? silent : 0;
}

function take(fresh) {
  model.events = [...model.events, ...fresh].slice(-EVENTS_SHOWN);
  draw();
}

// Events come as they happen; where no stream can be had (too many, a proxy that waits), by asking again and again.
async function watchEvents() {
  let streamed = true;
  for (;;) {
    const last = model.events.at(-1)?.number;
    try {
      if (sessionStorage.getItem(TOKEN)) {
        if (last !== undefined && streamed) {
          streamed = await readStream(last);
        } else {
          const fresh = await ask(last === undefined ? `events?limit=${EVENTS_SHOWN}`
            : `events?after=${last}&limit=${EVENTS_SHOWN}&wait=25`, {}, 30000);
          take(fresh);
          streamed = true;
          await pause(last === undefined && fresh.length === 0 ? 2000 : 50);
          continue;
        }
      }
    } catch (failed) {
      // watchCluster tells of it; here it only means: later again.
      streamed = false;
    }
    await pause(1500);
  }
}

// Reads until the stream ends or is silent for longer than its comments allow; false if it brought nothing at all.
async function readStream(after) {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), STREAM_SILENCE);
  let brought = false;
  try {
    const answer = await fetch(`api/v1/events/stream?after=${after}`, {
      headers: { Authorization: `Bearer ${sessionStorage.getItem(TOKEN)}` }, signal: silence.signal,
    });
    if (!answer.ok) {
      return false;
    }
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done || !sessionStorage.getItem(TOKEN)) {
        silence.abort();
        return brought;
      }
      brought = true;
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), STREAM_SILENCE);
      const messages = (text + value).split("\n\n");
      text = messages.pop();
      const fresh = messages.flatMap((message) => message.split("\n"))
        .filter((line) => line.startsWith("data:")).map((line) => JSON.parse(line.slice(5)));
      if (fresh.length > 0) {
        take(fresh);
      }
    }
  } catch (failed) {
    return brought;
  } finally {
    clearTimeout(timer);
  }
}

function find(instanceName) {
  for (const group of model.view?.groups ?? []) {
    const instance = group.instances.find((one) => one.name === instanceName);
    if (instance) {
      return { group, instance };
    }
  }
  return null;
}

function askFirst(kind, instanceName) {
  const found = find(instanceName);
  if (!found) {
    return;
  }
  const can = offer(model.view, found.group, found.instance, kind);
  $("ask-form").replaceChildren(...(can.offered ? confirmation(kind, found.instance, can) : refusal(kind, found.instance, can)));
  $("ask").returnValue = "";
  $("ask").onclose = () => {
    if ($("ask").returnValue === "yes") {
      act(kind, instanceName, $("ask-loss")?.checked ?? false, $("ask-comment").value);
    }
  };
  $("ask").showModal();
}

function askHold(kind, instance) {
  $("ask-form").replaceChildren(...holdForm(kind, instance));
  $("ask").returnValue = "";
  $("ask").onclose = async () => {
    if ($("ask").returnValue !== "yes") {
      return;
    }
    const { path, options } = holdRequest(kind, instance, (id) => $(id).value.trim());
    try {
      await ask(path, options, 15000);
      model.operation = null;
    } catch (failed) {
      model.operation = { view: notBegun(kind.toUpperCase(), instance, failed) };
    }
    draw();
  };
  $("ask").showModal();
}

function confirmation(kind, instance, can) {
  const values = { instance: instance.name, active: can.active, target: can.target, action: t(`action.${kind}`) };
  return [
    h("h2", {}, t("confirm.title", values)),
    h("p", {}, t(`confirm.${kind}`, values)),
    can.loss && h("p", { class: "problem" }, t("confirm.FAILOVER-loss", values)),
    can.loss && h("label", { class: "check" }, h("input", { type: "checkbox", id: "ask-loss", required: true }), " ",
      t("action.accept-loss")),
    h("label", {}, h("span", {}, t("action.comment")), h("input", { id: "ask-comment", maxlength: 500, autocomplete: "off" })),
    h("p", { class: "buttons" },
      h("button", { type: "submit", value: "no", class: "quiet", formnovalidate: true }, t("action.cancel")),
      h("button", { type: "submit", value: "yes", class: "main" }, t("action.now", values))),
  ].filter(Boolean);
}

function refusal(kind, instance, can) {
  const values = { instance: instance.name, target: can.target, action: t(`action.${kind}`) };
  const reasons = ["no-other-unable", "no-not-in-sync"].includes(can.why) ? because(instance.promotableReasons, can.target) : [];
  return [
    h("h2", {}, t("why-not.title", values)),
    h("p", {}, t(`button.${can.why}`)),
    reasons.length > 0 && h("ul", {}, reasons.map((reason) => h("li", {}, reason))),
    h("p", { class: "buttons" }, h("button", { type: "submit", value: "no", autofocus: true }, t("action.close"))),
  ].filter(Boolean);
}

async function act(kind, instance, acceptLoss, comment) {
  const shown = (view) => {
    model.operation = { view };
    draw();
  };
  try {
    const begun = await ask(`instances/${encodeURIComponent(instance)}/${kind.toLowerCase()}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ acceptLoss, comment }),
    }, 15000);
    shown(begun);
    await follow(begun, shown);
  } catch (failed) {
    shown(notBegun(kind, instance, failed));
  }
}

function notBegun(kind, instance, failed) {
  const problem = failed instanceof Refusal ? failed.problem : null;
  return {
    id: "none", kind, instance, phases: [], state: problem ? "REFUSED" : "FAILED",
    message: problem ? problem.detail : t("operation.unknown"), next: problem?.next ?? null,
  };
}

async function follow(begun, shown) {
  const until = Date.now() + 180000;
  let view = begun;
  while (view.state === "RUNNING" && Date.now() < until) {
    await pause(400);
    try {
      view = await ask(`operations/${encodeURIComponent(begun.id)}`);
      shown(view);
    } catch (failed) {
      if (failed instanceof Refusal && failed.problem.status === 404) {
        model.operation = { view: { ...view, state: "FAILED", message: "" }, lost: true };
        draw();
        return;
      }
    }
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-do]");
  if (button?.dataset.do === "dismiss") {
    model.operation = null;
    draw();
  } else if (button?.dataset.do === "why") {
    toggleWhy(button.dataset.instance);
  } else if (["hold", "release"].includes(button?.dataset.do)) {
    askHold(button.dataset.do, button.dataset.instance);
  } else if (button) {
    askFirst(button.dataset.do, button.dataset.instance);
  }
});

$("who").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(TOKEN, $("token").value.trim());
  $("token").value = "";
  model.answeredAt = Date.now();
  showWho();
});

$("sign-out").addEventListener("click", () => signOut());

$("language").addEventListener("change", async () => {
  const view = await loadTexts($("language").value);
  fixedTexts(view.languages, view.language);
  draw();
});

async function begin() {
  for (;;) {
    try {
      const view = await loadTexts();
      fixedTexts(view.languages, view.language);
      break;
    } catch (failed) {
      $("seen").textContent = "…";
      await pause(1000);
    }
  }
  showWho();
  watchCluster();
  watchEvents();
}

begin();
