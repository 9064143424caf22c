// Block Kit blocks as DOM. blockItem gives what patchChildren needs, so that an
// updated view changes only what is different and typing goes on undisturbed.
import { chart } from './charts.js';
import { dataTable } from './datatable.js';
import { h, uid } from './dom.js';
import { element } from './elements.js';
import { signals } from './emoji.js';
import { icon } from './icons.js';
import { markdown } from './markdown.js';
import { plain, textObject } from './mrkdwn.js';
import { pieces, richText } from './richtext.js';
import { t } from './words.js';

const RENDERERS = {
  section(surface, block, id) {
    const fields = block.fields?.length ? h('div.fields', block.fields.map((f) => h('div.rich', textObject(f)))) : null;
    const body = h('div.section-body', block.text ? h('div.rich', textObject(block.text)) : null, fields);
    return h('div.section', body, block.accessory ? h('div.section-accessory', element(surface, id, block, block.accessory)) : null);
  },
  header: (surface, block) => h('h3.header', plain(block.text)),
  divider: () => h('hr'),
  context: (surface, block) => h('div.context', (block.elements ?? []).map((e) =>
    (e.type === 'image' ? h('img', { src: e.image_url, alt: e.alt_text ?? '' }) : h('span.rich', textObject(e))))),
  actions: (surface, block, id) => h('div.actions', (block.elements ?? []).map((e) => element(surface, id, block, e))),
  input,
  rich_text: (surface, block) => h('div.rich', richText(block)),
  markdown: (surface, block) => h('div.rich', markdown(block.text)),
  table,
  data_table: (surface, block) => dataTable(surface, block, (cell) => CELLS[cell.type]?.(cell) ?? ''),
  data_visualization: chart,
  image: (surface, block) => h('figure', block.title ? h('figcaption', plain(block.title)) : null,
    h('img', { src: block.image_url ?? block.slack_file?.url, alt: block.alt_text ?? '', loading: 'lazy' })),
  alert: (surface, block) => h('div.alert', { class: block.level ?? 'default', role: block.level === 'error' ? 'alert' : 'note' },
    icon({ warning: 'warn', error: 'warn', success: 'check' }[block.level] ?? 'info'), h('div.rich', textObject(block.text))),
};

const CELLS = {
  raw_text: (c) => signals(c.text ?? ''),
  raw_number: (c) => c.text ?? String(c.value ?? ''),
  rich_text: (c) => (c.elements ?? []).map((e) => pieces(e.elements)),
};

function table(surface, block) {
  const settings = block.column_settings ?? [];
  const row = (tag) => (cells) => h('tr', cells.map((c, i) => h(tag, {
    class: `${settings[i]?.align ?? (c.type === 'raw_number' ? 'right' : 'left')} ${settings[i]?.is_wrapped ? 'wrapped' : ''}`,
    scope: tag === 'th' ? 'col' : null,
  }, CELLS[c.type]?.(c) ?? '')));
  const [head, ...body] = block.rows ?? [[]];
  return h('div.table-scroll', { tabindex: '0' }, h('table', h('thead', row('th')(head)), h('tbody', body.map(row('td')))));
}

// input keeps its parts, so that update can change the texts around a field
// while the field itself stays.
function input(surface, block, id) {
  const ids = { field: uid('field'), label: uid('label'), hint: uid('hint'), error: uid('error') };
  const grouped = /^(checkboxes|radio_buttons)$/.test(block.element.type);
  const label = h(grouped ? 'div' : 'label', { class: 'label', id: ids.label, for: grouped ? null : ids.field });
  const hint = h('div.hint', { id: ids.hint });
  const error = h('div.field-error', { id: ids.error, testid: `error-${id}`, role: 'alert' });
  const place = { id: ids.field, labelledby: ids.label, describedby: `${ids.hint} ${ids.error}` };
  let current = block;
  // The field reads its block through this, because update replaces it.
  const live = new Proxy({}, { get: (_, name) => current[name] });
  let control = element(surface, id, live, block.element, place);
  const node = h('div.input', label, control, hint, error);
  const texts = () => {
    label.replaceChildren(...plain(current.label), ...(current.optional ? [h('span.optional', t('optional'))] : []));
    hint.replaceChildren(...(current.hint ? plain(current.hint) : []));
    hint.hidden = !current.hint;
  };
  node.setError = (text) => {
    error.textContent = text ?? '';
    error.hidden = !text;
    node.classList.toggle('invalid', Boolean(text));
    focusable(control)?.setAttribute('aria-invalid', String(Boolean(text)));
  };
  node.focusField = () => focusable(control)?.focus();
  node.updateBlock = (next) => {
    const [was, will] = [current.element, next.element];
    current = next;
    texts();
    if (JSON.stringify(was) === JSON.stringify(will)) return true;
    if (was.type !== will.type || was.action_id !== will.action_id || Boolean(was.multiline) !== Boolean(will.multiline)) return false;
    if (control.update?.(will)) return true;
    const fresh = element(surface, id, live, will, place);
    control.replaceWith(fresh);
    control = fresh;
    return true;
  };
  texts();
  node.setError(surface.errors[id]);
  return node;
}

/** focusable is the first thing in node a person can focus. */
export function focusable(node) {
  const wanted = 'input:not([disabled]), textarea, select, button, a[href]';
  return node.matches?.(wanted) ? node : node.querySelector(wanted);
}

/** blockItem describes one block of a surface for patchChildren. */
export function blockItem(surface, block, id) {
  const create = () => {
    const render = Object.hasOwn(RENDERERS, block.type) ? RENDERERS[block.type] : null;
    const node = render ? render(surface, block, id) : h('div.unsupported', icon('info'), t('unsupported', block.type));
    node.classList.add('block');
    node.dataset.testid = `block-${id}`;
    return node;
  };
  return {
    key: id,
    sig: JSON.stringify(block),
    create,
    update: (node) => block.type === 'input' && Boolean(node.updateBlock?.(block)),
  };
}

