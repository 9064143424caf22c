// The elements one types or picks dates in.
import { api } from './api.js';
import { debounce, fill, h, length } from './dom.js';
import { icon } from './icons.js';
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

/** fileSize says a number of bytes as people read it. */
export function fileSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** fileInput lets a person choose files, which are uploaded at once, and take them away again. */
export function fileInput(surface, id, block, el, place) {
  const most = el.max_files ?? 10;
  const chosen = () => surface.value(id, el).files ?? [];
  const list = h('ul.chosen-files');
  const problem = h('div.field-error', { role: 'alert', hidden: true });
  const say = (text) => {
    problem.textContent = text;
    problem.hidden = !text;
  };
  const enter = (files) => {
    surface.enter(id, block, el, { files });
    draw();
  };
  // The browser's own button speaks the browser's language, not the person's.
  const button = h('button.btn', {
    type: 'button', id: place.id, 'aria-labelledby': `${place.labelledby} ${place.id}`, 'aria-describedby': place.describedby, onclick: () => chooser.click(),
  }, icon('clip', 16), t('chooseFiles'));
  const chooser = h('input.chooser', {
    type: 'file', multiple: most > 1, accept: (el.filetypes ?? []).map((e) => `.${e}`).join(',') || null,
    testid: `action-${el.action_id}`, tabindex: '-1', 'aria-label': t('chooseFiles'),
    onchange: async () => {
      const files = [...chooser.files];
      chooser.value = '';
      say('');
      for (const file of files) {
        if (chosen().length >= most) return say(t('maxChosen', most));
        if (file.size > 10 * 1024 * 1024) return say(t('fileTooLarge', file.name));
        try {
          const answer = await api.upload(file);
          if (answer.ok === false) return say(answer.error);
          enter([...chosen(), answer.file]);
        } catch (err) {
          return say(err.message);
        }
      }
    },
  });
  function draw() {
    fill(list, chosen().map((f) => h('li', { testid: 'chosen-file' }, icon('file', 16), h('span', f.name), h('small', fileSize(f.size)),
      h('button.icon-button', { type: 'button', 'aria-label': t('remove', f.name), onclick: () => enter(chosen().filter((x) => x.id !== f.id)) }, icon('close', 14)))));
  }
  draw();
  return h('div.file-input', button, chooser, list, problem);
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
