// The elements one types or picks dates in.
import { debounce, h, length } from './dom.js';
import { fromLocalInput, toLocalInput } from './time.js';
import { t } from './words.js';
import { words } from './mrkdwn.js';

// common are the attributes every control of a block carries.
const common = (el, place) => ({
  id: place.id, testid: `action-${el.action_id}`, 'aria-describedby': place.describedby,
  'aria-label': place.id ? null : words(el.placeholder) || el.action_id,
});

const KINDS = {
  plain_text_input: {},
  rich_text_input: {},
  number_input: { inputmode: 'decimal' },
  email_text_input: { type: 'email', inputmode: 'email' },
  url_text_input: { type: 'url', inputmode: 'url' },
};

const FROM_TEXT = (v) => ({ value: v === '' ? null : v });
const TO_TEXT = (value) => value.value ?? '';

// A rich text field is drawn as a plain one; its value is one section of text.
const FROM_RICH = (v) => ({
  rich_text_value: v === '' ? null : { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: v }] }] },
});
const TO_RICH = (value) => (value.rich_text_value?.elements ?? []).flatMap((e) => e.elements ?? []).map((e) => e.text ?? '').join('');

/** textInput draws a field for text; on_character_entered is sent after 300 ms of quiet. */
export function textInput(surface, id, block, el, place) {
  const rich = el.type === 'rich_text_input';
  const long = el.multiline || rich;
  const [from, to] = rich ? [FROM_RICH, TO_RICH] : [FROM_TEXT, TO_TEXT];
  let current = el;
  const on = (trigger) => block.dispatch_action
    && (current.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed']).includes(trigger);
  const tell = (dispatch) => surface.enter(id, block, current, from(field.value), dispatch);
  const soon = debounce(() => field.isConnected && !surface.sending && tell(true), 300);
  const counter = h('span.counter', { 'aria-hidden': 'true' });
  const field = h(long ? 'textarea' : 'input', {
    ...common(el, place), ...(long ? { rows: 4 } : { type: 'text', autocomplete: 'off', ...KINDS[el.type] }),
    class: 'field',
    oninput: (e) => {
      count();
      tell(false);
      if (on('on_character_entered') && !e.isComposing) soon();
    },
    oncompositionend: () => on('on_character_entered') && soon(),
    onkeydown: (e) => {
      if (e.key !== 'Enter' || e.isComposing || e.ctrlKey || e.metaKey || long) return;
      e.preventDefault();
      if (on('on_enter_pressed')) tell(true);
    },
  });
  field.value = to(surface.value(id, el));
  const count = () => {
    const max = current.max_length;
    const used = length(field.value);
    counter.hidden = !max || (!long && used < max * 0.8);
    counter.textContent = max ? `${used} / ${max}` : '';
    counter.classList.toggle('over', Boolean(max) && used > max);
  };
  const configure = (next) => {
    current = next;
    field.placeholder = words(next.placeholder);
    count();
  };
  configure(el);
  const node = h('div.text', field, counter);
  node.update = (next) => {
    configure(next);
    return true;
  };
  return node;
}

const DATES = {
  datepicker: { type: 'date', to: (v) => v.selected_date ?? '', from: (v) => ({ selected_date: v || null }) },
  timepicker: {
    type: 'time', to: (v) => v.selected_time ?? '',
    from: (v, el, old) => ({ selected_time: v || null, timezone: el.timezone ?? old.timezone }),
  },
  datetimepicker: {
    type: 'datetime-local', to: (v) => (v.selected_date_time ? toLocalInput(v.selected_date_time) : ''),
    from: (v) => ({ selected_date_time: v ? fromLocalInput(v) : null }),
  },
};

/** dateInput draws the browser's own picker of a day, a time or both. */
export function dateInput(surface, id, block, el, place) {
  const kind = DATES[el.type];
  const field = h('input.field.date', {
    ...common(el, place), type: kind.type,
    onchange: () => surface.enter(id, block, el, kind.from(field.value, el, surface.value(id, el))),
  });
  field.value = kind.to(surface.value(id, el));
  return field;
}

/** fileInput says that files cannot be sent here. */
export function fileInput(surface, id, block, el, place) {
  return h('div.nofile', { testid: `action-${el.action_id}`, id: place.id, 'aria-disabled': 'true' }, t('noFiles'));
}

/** check tells what Slack's client would object to in a value, or ''. */
export function check(block, value) {
  const el = block.element;
  const empty = isEmpty(value);
  if (empty) return block.optional ? '' : t('required');
  if (typeof value.value === 'string') return checkText(el, value.value.trim());
  return '';
}

function isEmpty(value) {
  const { type, timezone, ...rest } = value ?? {};
  return Object.values(rest).every((v) => v === null || v === undefined || v.length === 0 || (typeof v === 'string' && !v.trim()));
}

function checkText(el, text) {
  const n = length(text);
  if (el.max_length && n > el.max_length) return t('tooLong', el.max_length);
  if (el.min_length && n < el.min_length) return t('tooShort', el.min_length);
  if (el.type === 'number_input') return checkNumber(el, text);
  if (el.type === 'email_text_input' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) return t('notEmail');
  if (el.type === 'url_text_input' && !/^https?:\/\/\S+$/i.test(text)) return t('notURL');
  return '';
}

function checkNumber(el, text) {
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(text)) return t('notNumber');
  if (!el.is_decimal_allowed && text.includes('.')) return t('notWhole');
  if (el.min_value !== undefined && Number(text) < Number(el.min_value)) return t('atLeast', el.min_value);
  if (el.max_value !== undefined && Number(text) > Number(el.max_value)) return t('atMost', el.max_value);
  return '';
}
