// The interactive elements of blocks. Each renderer takes (surface, block id,
// block, element, place) and gives a node; place is {id, describedby} of the
// field's label and texts. A node may have update(element), which takes a new
// version of the element without being redrawn and returns true.
import { avatar } from './avatar.js';
import { confirm } from './confirm.js';
import { h, uid } from './dom.js';
import { icon } from './icons.js';
import { dateInput, fileInput, textInput } from './inputs.js';
import { plain, textObject, words } from './mrkdwn.js';
import { menu } from './popup.js';
import { Select } from './select.js';
import { store } from './store.js';
import { t } from './words.js';

// once runs fn, with the element's confirm dialog before and busy marks around.
async function once(node, el, fn) {
  if (node.getAttribute('aria-busy') === 'true') return;
  if (el.confirm && !(await confirm(el.confirm))) return;
  node.setAttribute('aria-busy', 'true');
  await fn();
  node.removeAttribute('aria-busy');
}

function button(surface, id, block, el) {
  const props = {
    testid: `action-${el.action_id}`, class: el.style ?? '', 'aria-label': el.accessibility_label,
    onclick: () => once(node, el, () => surface.act(id, el, { type: 'button', text: el.text, value: el.value })),
  };
  const node = el.url && /^https?:/i.test(el.url)
    ? h('a.btn', { ...props, href: el.url, target: '_blank', rel: 'noopener noreferrer' }, plain(el.text))
    : h('button.btn', { ...props, type: 'button' }, plain(el.text));
  return node;
}

function overflow(surface, id, block, el) {
  const pick = (option) => once(node, el, async () => {
    if (option.url && /^https?:/i.test(option.url)) open(option.url, '_blank', 'noopener');
    await surface.act(id, el, { type: 'overflow', selected_option: option });
  });
  const node = h('button.btn.more', {
    type: 'button', testid: `action-${el.action_id}`, 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-label': t('moreActions'),
    onclick: () => menu(node, el.options.map((o) => ({ label: plain(o.text), value: o.value, run: () => pick(o) })), t('moreActions')),
  }, icon('more'));
  return node;
}

// toggles draws checkboxes and radio buttons.
function toggles(surface, id, block, el, place) {
  const many = el.type === 'checkboxes';
  const group = uid('toggle');
  const value = surface.value(id, el);
  const chosen = new Set((many ? value.selected_options ?? [] : [value.selected_option]).filter(Boolean).map((o) => o.value));
  const changed = async () => {
    const now = el.options.filter((o, i) => inputs[i].checked);
    if (el.confirm && block.type !== 'input' && !(await confirm(el.confirm))) {
      inputs.forEach((input, i) => { input.checked = chosen.has(el.options[i].value); });
      return;
    }
    chosen.clear();
    now.forEach((o) => chosen.add(o.value));
    surface.enter(id, block, el, many ? { selected_options: now } : { selected_option: now[0] ?? null });
  };
  const inputs = el.options.map((o) => h('input', {
    type: many ? 'checkbox' : 'radio', name: group, testid: 'option', data: { value: o.value }, checked: chosen.has(o.value), onchange: changed,
  }));
  return h('div.toggles', { role: many ? 'group' : 'radiogroup', testid: `action-${el.action_id}`, id: place.id, 'aria-labelledby': place.labelledby, 'aria-describedby': place.describedby },
    el.options.map((o, i) => h('label.toggle', inputs[i], h('span', textObject(o.text), o.description ? h('small', textObject(o.description)) : null))));
}

const toChoice = (option) => ({ value: option.value, text: words(option.text), description: words(option.description), option });
const matches = (typed) => (c) => `${c.text} ${c.more ?? ''}`.toLowerCase().includes(typed.toLowerCase());
const person = (u) => ({ value: u.id, text: u.real_name || u.name, description: u.title, more: u.name, lead: () => avatar(u, 20) });
const conversation = (c) => ({ value: c.id, text: c.kind === 'im' ? c.name : `#${c.name}`, description: c.topic });

// Where each select's choices come from, and how they stand in its value.
function optionGroups(el) {
  if (el.option_groups) return el.option_groups.map((g) => ({ label: words(g.label), options: g.options.map(toChoice) }));
  return [{ options: (el.options ?? []).map(toChoice) }];
}
const SOURCES = {
  static: { one: 'selected_option', many: 'selected_options', all: optionGroups },
  external: { one: 'selected_option', many: 'selected_options' },
  users: { one: 'selected_user', many: 'selected_users', ids: true, all: () => [{ options: [...store.users.values()].map(person) }] },
  channels: {
    one: 'selected_channel', many: 'selected_channels', ids: true,
    all: () => [{ options: store.channels.filter((c) => c.kind !== 'im' && !c.private).map(conversation) }],
  },
  conversations: {
    one: 'selected_conversation', many: 'selected_conversations', ids: true, all: (el) => [{ options: conversations(el.filter).map(conversation) }],
  },
};

function conversations(filter) {
  const include = filter?.include;
  const kind = (c) => (c.kind === 'im' ? 'im' : c.private ? 'private' : 'public');
  return store.channels.filter((c) => (!include || include.includes(kind(c))) && !(filter?.exclude_bot_users && c.kind === 'im'));
}

function select(surface, id, block, el, place) {
  const [, multi, kind] = /^(multi_)?(\w+)_select$/.exec(el.type);
  const source = SOURCES[kind];
  const key = multi ? source.many : source.one;
  const config = (e) => ({
    testid: `action-${e.action_id}`, id: place.id, multi: Boolean(multi), max: e.max_selected_items,
    placeholder: words(e.placeholder), clearable: block.type === 'input' && block.optional,
    chosen: chosen(e), minQuery: kind === 'external' ? e.min_query_length ?? 3 : 0, fetch: kind === 'external',
    load: async (typed) => {
      if (kind === 'external') return (await surface.suggest(id, e, typed)).map((g) => ({ label: words(g.label), options: g.options.map(toChoice) }));
      return source.all(e).map((g) => ({ ...g, options: g.options.filter(matches(typed)) }));
    },
    changed: (list) => changed(e, list),
  });
  function chosen(e) {
    const value = [surface.value(id, e)[key] ?? []].flat();
    if (!source.ids) return value.map(toChoice);
    const all = source.all(e)[0].options;
    return value.map((v) => all.find((c) => c.value === v) ?? { value: v, text: v });
  }
  async function changed(e, list) {
    if (e.confirm && block.type !== 'input' && !(await confirm(e.confirm))) {
      box.configure(config(e));
      return;
    }
    const values = list.map((c) => (source.ids ? c.value : c.option));
    surface.enter(id, block, e, { [key]: multi ? values : values[0] ?? null });
  }
  const box = new Select(config(el));
  if (place.describedby) box.input.setAttribute('aria-describedby', place.describedby);
  if (!place.id) box.input.setAttribute('aria-label', words(el.placeholder) || el.action_id);
  box.node.update = (next) => {
    box.configure(config(next));
    return true;
  };
  return box.node;
}

const RENDERERS = {
  button, overflow, select,
  checkboxes: toggles, radio_buttons: toggles,
  plain_text_input: textInput, rich_text_input: textInput, number_input: textInput, email_text_input: textInput, url_text_input: textInput,
  datepicker: dateInput, timepicker: dateInput, datetimepicker: dateInput,
  file_input: fileInput,
  image: (surface, id, block, el) => h('img.accessory', { src: el.image_url, alt: el.alt_text ?? '' }),
};

/** element draws one element; a kind this page does not know becomes a marked box. */
export function element(surface, id, block, el, place = {}) {
  const kind = /^(multi_)?(static|external|users|channels|conversations)_select$/.test(el.type) ? 'select' : el.type;
  const render = Object.hasOwn(RENDERERS, kind) ? RENDERERS[kind] : null;
  return render ? render(surface, id, block, el, place) : h('span.unsupported', t('unsupported', el.type));
}
