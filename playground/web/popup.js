// A panel that floats beside its anchor: lists of options, menus.
import { h } from './dom.js';

/** layer is where floating things must hang so that an open dialog does not cover them. */
const layer = () => [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body;

/** float shows panel under (or over) anchor; it returns a function that takes it away. */
export function float(anchor, panel, { minWidth = 220, match = true, onDismiss = () => {} } = {}) {
  panel.classList.add('float');
  layer().append(panel);
  const place = () => {
    const box = anchor.getBoundingClientRect();
    const below = innerHeight - box.bottom;
    const up = below < Math.min(panel.scrollHeight, 280) + 12 && box.top > below;
    const width = Math.min(Math.max(match ? box.width : 0, minWidth), innerWidth - 16);
    Object.assign(panel.style, {
      width: match ? `${width}px` : 'max-content',
      minWidth: `${Math.min(minWidth, innerWidth - 16)}px`,
      maxHeight: `${Math.max(120, Math.min(300, (up ? box.top : below) - 12))}px`,
      left: `${Math.max(8, Math.min(box.left, innerWidth - (match ? width : panel.offsetWidth) - 8))}px`,
      top: up ? 'auto' : `${box.bottom + 4}px`,
      bottom: up ? `${innerHeight - box.top + 4}px` : 'auto',
    });
  };
  const outside = (e) => {
    if (!panel.contains(e.target) && !anchor.contains(e.target)) onDismiss();
  };
  place();
  addEventListener('resize', place);
  addEventListener('scroll', place, true);
  document.addEventListener('pointerdown', outside, true);
  const remove = () => {
    removeEventListener('resize', place);
    removeEventListener('scroll', place, true);
    document.removeEventListener('pointerdown', outside, true);
    panel.remove();
  };
  return Object.assign(remove, { place });
}

/**
 * menu opens a list of actions at a button: items are {label, testid, value,
 * current, run, class}. Arrows move, Escape and Tab close and go back.
 */
export function menu(button, items, label, { match = false } = {}) {
  if (button.getAttribute('aria-expanded') === 'true') return;
  const panel = h('ul.menu', { role: 'menu', 'aria-label': label });
  const rows = items.map((item) => h('li.option', {
    role: item.current === undefined ? 'menuitem' : 'menuitemradio',
    'aria-checked': item.current === undefined ? null : String(Boolean(item.current)),
    tabindex: '-1', testid: item.testid ?? 'option', data: { value: item.value ?? '' }, class: item.class ?? '',
    onclick: () => close(item.run),
  }, item.label));
  panel.append(...rows);
  const remove = float(button, panel, { match, minWidth: 180, onDismiss: () => close() });
  button.setAttribute('aria-expanded', 'true');
  function close(run) {
    remove();
    button.setAttribute('aria-expanded', 'false');
    button.focus();
    run?.();
  }
  panel.addEventListener('keydown', (e) => {
    const at = rows.indexOf(document.activeElement);
    const to = { ArrowDown: (at + 1) % rows.length, ArrowUp: (at + rows.length - 1) % rows.length, Home: 0, End: rows.length - 1 }[e.key];
    if (to !== undefined) rows[to].focus();
    else if (e.key === 'Enter' || e.key === ' ') rows[at]?.click();
    else if (e.key === 'Escape' || e.key === 'Tab') close();
    else return;
    e.preventDefault();
    e.stopPropagation();
  });
  (rows[items.findIndex((i) => i.current)] ?? rows[0])?.focus();
}
