// Words, numbers and times in the reader's language.

const KEY = "understudy.language";
let texts = {};
let language = "en";

export async function loadTexts(wanted) {
  const chosen = wanted ?? localStorage.getItem(KEY);
  const query = chosen ? `?language=${encodeURIComponent(chosen)}` : "";
  const answer = await fetch(`api/v1/texts${query}`, { signal: AbortSignal.timeout(5000) });
  if (!answer.ok) {
    throw new Error(`texts: ${answer.status}`);
  }
  const view = await answer.json();
  texts = view.texts;
  language = view.language;
  document.documentElement.lang = language;
  if (wanted) {
    localStorage.setItem(KEY, wanted);
  }
  return view;
}

export function has(key) {
  return key in texts;
}

export function t(key, values) {
  if (!(key in texts)) {
    return humanised(key.slice(key.indexOf(".") + 1));
  }
  return texts[key].replace(/\{([\w-]+)\}/g, (whole, name) => values?.[name] ?? whole);
}

// The word for an enum name; one that this page does not know stays readable.
export function word(kind, name) {
  return name ? t(`${kind}.${name}`) : "–";
}

// Why a node could not take over, causes first as the node tells them, each about `node` by name where the page can.
export function because(codes, node) {
  return (codes ?? []).map((code) => {
    const key = ["because", "obstacle", "refusal"].map((kind) => `${kind}.${code}`).find((one) => one in texts);
    return key ? t(key, { node }) : humanised(code);
  });
}

function humanised(name) {
  return /^[A-Z0-9_]+$/.test(name) ? name.toLowerCase().replaceAll("_", " ") : name;
}

export function number(value, digits = 0) {
  return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
}

export function bytes(value) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return new Intl.NumberFormat(language, {
    style: "unit", unit: units[unit], unitDisplay: unit ? "short" : "long", maximumFractionDigits: unit ? 1 : 0,
  }).format(size);
}

export function millis(value) {
  return t("time.millis", { n: number(value, value < 10 ? 1 : 0) });
}

export function duration(seconds) {
  if (seconds < 100) {
    return t("time.seconds", { n: number(seconds, seconds < 10 ? 1 : 0) });
  }
  if (seconds < 6000) {
    return t("time.minutes", { n: number(seconds / 60) });
  }
  return seconds < 172800 ? t("time.hours", { n: number(seconds / 3600) }) : t("time.days", { n: number(seconds / 86400) });
}

export function clock(iso) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) {
    return iso;
  }
  const today = date.toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(language, today
    ? { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }
    : { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(date);
}
