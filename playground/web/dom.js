// Building and patching DOM. Nothing on this page uses innerHTML: whatever a
// person or the bot wrote becomes a text node.

/**
 * h makes an element: h('div.card', {onclick, testid: 'x', 'aria-label': 'y'}, child, [children]).
 * Null, undefined and false children and attributes are left out.
 */
export function h(spec, ...rest) {
  const [tag, ...classes] = spec.split('.');
  const el = document.createElement(tag || 'div');
  if (classes.length) el.className = classes.join(' ');
  if (isProps(rest[0])) setProps(el, rest.shift());
  append(el, rest);
  return el;
}

function isProps(x) {
  return x && typeof x === 'object' && !(x instanceof Node) && !Array.isArray(x);
}

function setProps(el, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) el.addEventListener(name.slice(2), value);
    else if (name === 'testid') el.dataset.testid = value;
    else if (name === 'class') el.className += (el.className ? ' ' : '') + value;
    else if (name === 'data') Object.assign(el.dataset, value);
    else if (name === 'style') Object.assign(el.style, value);
    else if (name === 'value' || name === 'checked' || name === 'disabled') el[name] = value;
    else el.setAttribute(name, value === true ? '' : value);
  }
}

/** append adds children, flattening arrays and turning strings into text nodes. */
export function append(el, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === '') continue;
    el.append(child);
  }
  return el;
}

/** fill replaces everything inside el. */
export function fill(el, ...children) {
  el.replaceChildren();
  return append(el, children);
}

/**
 * redraw fills node from make() unless sig is what it was drawn from before, so
 * that a click or the focus is not lost to a redraw that changes nothing.
 */
export function redraw(node, sig, make) {
  const drawn = JSON.stringify(sig);
  if (node.drawn === drawn) return;
  node.drawn = drawn;
  const restore = keepFocus(node);
  fill(node, make());
  restore();
}

let counter = 0;
/** uid gives a fresh element id, for labels and descriptions. */
export const uid = (prefix) => `${prefix}-${++counter}`;

/**
 * patchChildren makes host's children match items, keeping the nodes whose key
 * and signature did not change. An item is {key, sig, create(), update?(node)};
 * update returns false when the node must be made anew. Focus and the text
 * selection survive.
 */
export function patchChildren(host, items) {
  const old = new Map([...host.children].map((node) => [node.patchKey, node]));
  const restore = keepFocus(host);
  const seen = new Map();
  const nodes = items.map((item) => {
    const times = seen.get(item.key) ?? 0;
    seen.set(item.key, times + 1);
    const key = times ? `${item.key}#${times}` : item.key;
    let node = old.get(key);
    if (node && node.patchSig !== item.sig && !item.update?.(node)) node = null;
    node ??= item.create();
    node.patchKey = key;
    node.patchSig = item.sig;
    return node;
  });
  const kept = new Set(nodes);
  for (const node of [...host.children]) if (!kept.has(node)) node.remove();
  let at = host.firstChild;
  for (const node of nodes) {
    if (node === at) at = at.nextSibling;
    else host.insertBefore(node, at);
  }
  restore();
}

// keepFocus remembers where the person is typing inside host and gives back a
// function that returns there: the same node, or its successor by test id.
function keepFocus(host) {
  const active = document.activeElement;
  if (!active || active === host || !host.contains(active)) return () => {};
  const testid = active.dataset.testid;
  const value = active.dataset.value;
  const at = typeof active.selectionStart === 'number' ? [active.selectionStart, active.selectionEnd] : null;
  return () => {
    if (document.activeElement === active) return;
    const same = (el) => el.dataset.testid === testid && el.dataset.value === value;
    const next = active.isConnected ? active : [...host.querySelectorAll('[data-testid]')].find((el) => testid && same(el));
    if (!next) return;
    next.focus({ preventScroll: true });
    if (at && typeof next.selectionStart === 'number') next.setSelectionRange(...at);
  };
}

/** debounce returns a function that runs fn after ms of quiet; it has cancel(). */
export function debounce(fn, ms) {
  let timer;
  const later = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => fn(...args), ms);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}

/** length counts code points, as Slack's limits do. */
export const length = (s) => [...s].length;
