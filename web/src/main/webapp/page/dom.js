// Builds and updates the page without ever parsing HTML: what the node sends is always text.

export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// Makes `old` look like `fresh` and keeps what is the same, so that focus and selection survive the second.
export function morph(old, fresh) {
  if (old.nodeName !== fresh.nodeName || old.dataset?.key !== fresh.dataset?.key) {
    old.replaceWith(fresh);
    return;
  }
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) {
      old.data = fresh.data;
    }
    return;
  }
  for (const { name } of [...old.attributes]) {
    // What a person has unfolded stays so.
    const unfolded = old.nodeName === "DETAILS" && name === "open";
    if (!fresh.hasAttribute(name) && !unfolded) {
      old.removeAttribute(name);
    }
  }
  for (const { name, value } of [...fresh.attributes]) {
    if (old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
    }
  }
  const before = [...old.childNodes];
  const after = [...fresh.childNodes];
  for (let i = 0; i < Math.max(before.length, after.length); i++) {
    if (i >= before.length) {
      old.append(after[i]);
    } else if (i >= after.length) {
      before[i].remove();
    } else {
      morph(before[i], after[i]);
    }
  }
}
