// A combobox with a list of options: one or several chosen, from a fixed list
// or one fetched while typing.
import { append, debounce, fill, h, length, uid } from './dom.js';
import { icon } from './icons.js';
import { float } from './popup.js';
import { t } from './words.js';

/**
 * Select draws the box. config: testid, placeholder, multi, max, clearable,
 * disabled, chosen [choice], minQuery, fetch (asked again for each word typed),
 * load(typed) → Promise of groups {label, options: [choice]}, changed(chosen).
 * A choice is {value, text, description?, lead?: () => Node, option}.
 */
export class Select {
  constructor(config) {
    this.list = uid('list');
    this.active = -1;
    this.asked = 0;
    this.input = h('input', {
      type: 'text', role: 'combobox', testid: config.testid, autocomplete: 'off', spellcheck: 'false', 'aria-autocomplete': 'list',
      'aria-expanded': 'false', 'aria-controls': this.list, disabled: config.disabled, id: config.id,
      oninput: (e) => !e.isComposing && this.typed(), oncompositionend: () => this.typed(),
      onclick: () => this.open(), onkeydown: (e) => this.key(e), onblur: () => this.close(),
    });
    this.tokens = h('span.tokens');
    this.clear = h('button.clear', { type: 'button', tabindex: '-1', 'aria-label': t('clear'), onclick: () => this.set([]) }, icon('close', 14));
    this.node = h('div.select', { onpointerdown: (e) => this.press(e) }, this.tokens, this.input, this.clear, icon('down', 16));
    this.panel = h('ul.listbox', { role: 'listbox', id: this.list, onpointerdown: (e) => e.preventDefault() });
    this.later = debounce(() => this.refresh(), 200);
    this.configure(config);
  }

  /** configure takes a new config; an open list and what is being typed stay. */
  configure(config) {
    this.config = config;
    this.chosen = config.chosen;
    this.panel.setAttribute('aria-multiselectable', String(Boolean(config.multi)));
    this.show();
    if (this.remove) this.refresh();
  }

  // press makes a click anywhere in the box act as one on its input.
  press(e) {
    if (e.target === this.input || e.target.closest('button') || this.config.disabled) return;
    e.preventDefault();
    this.input.focus();
    this.open();
  }

  show() {
    const { multi, placeholder, clearable } = this.config;
    const one = !multi && this.chosen[0];
    if (!this.remove) this.input.value = one ? one.text : '';
    this.input.placeholder = this.chosen.length ? '' : placeholder || t('choose');
    this.clear.hidden = !clearable || !one;
    fill(this.tokens, multi ? this.chosen.map((c) => this.token(c)) : one?.lead?.());
  }

  token(choice) {
    const drop = () => this.set(this.chosen.filter((c) => c.value !== choice.value));
    return h('span.token', choice.text, h('button', {
      type: 'button', tabindex: '-1', 'aria-label': t('remove', choice.text), onclick: drop, onpointerdown: (e) => e.preventDefault(),
    }, icon('close', 12)));
  }

  set(chosen) {
    this.chosen = chosen;
    this.show();
    this.config.changed(chosen);
  }

  open(fresh = true) {
    if (this.remove || this.config.disabled) return;
    this.remove = float(this.node, this.panel, { onDismiss: () => this.close() });
    this.input.setAttribute('aria-expanded', 'true');
    if (fresh && !this.config.multi) this.input.select();
    this.query = '';
    this.refresh();
  }

  close() {
    if (!this.remove) return;
    this.remove();
    this.remove = null;
    this.asked++;
    this.later.cancel();
    this.input.setAttribute('aria-expanded', 'false');
    this.input.removeAttribute('aria-activedescendant');
    this.show();
  }

  typed() {
    this.open(false);
    this.query = this.input.value.trim();
    this.config.fetch ? this.later() : this.refresh();
    if (this.config.fetch && this.enough()) this.say(t('loading'));
  }

  enough() {
    return length(this.query) >= (this.config.minQuery ?? 0);
  }

  async refresh() {
    if (!this.enough()) return this.say(t('typeMore', this.config.minQuery));
    const mine = ++this.asked;
    if (this.config.fetch) this.say(t('loading'));
    let groups = [];
    try {
      groups = await this.config.load(this.query);
    } catch {
      // A list that could not be fetched reads as empty, as in Slack.
    }
    if (mine === this.asked && this.remove) this.fillList(groups);
  }

  say(text) {
    this.rows = [];
    fill(this.panel, h('li.empty', { role: 'option', 'aria-disabled': 'true', 'aria-live': 'polite' }, text));
    this.remove?.place();
  }

  fillList(groups) {
    this.rows = [];
    const filled = groups.filter((g) => g.options.length);
    if (!filled.length) return this.say(t('noResults'));
    fill(this.panel, filled.map((g) => (g.label ? this.group(g) : g.options.map((c) => this.row(c)))));
    const at = this.rows.findIndex((r) => !this.config.multi && this.has(r.choice));
    this.move(Math.max(0, at));
    this.remove?.place();
  }

  group(g) {
    const id = uid('group');
    return h('li', { role: 'presentation' }, h('div.group-label', { id }, g.label),
      h('ul', { role: 'group', 'aria-labelledby': id }, g.options.map((c) => this.row(c))));
  }

  row(choice) {
    const node = h('li.option', {
      role: 'option', id: uid('option'), testid: 'option', data: { value: choice.value },
      'aria-selected': String(this.has(choice)), onclick: () => this.choose(choice),
    }, choice.lead?.(), h('span.option-text', choice.text, choice.description ? h('small', choice.description) : null),
    this.has(choice) ? icon('check', 16) : null);
    this.rows.push({ node, choice });
    return node;
  }

  has(choice) {
    return this.chosen.some((c) => c.value === choice.value);
  }

  move(to) {
    this.rows[this.active]?.node.classList.remove('active');
    this.active = to;
    const row = this.rows[to];
    if (!row) return;
    row.node.classList.add('active');
    row.node.scrollIntoView({ block: 'nearest' });
    this.input.setAttribute('aria-activedescendant', row.node.id);
  }

  choose(choice) {
    const { multi, max } = this.config;
    if (!multi) {
      this.close();
      this.set([choice]);
      return;
    }
    if (!this.has(choice) && max && this.chosen.length >= max) {
      append(this.panel, [this.panel.querySelector('.empty') ? null : h('li.empty', { role: 'presentation' }, t('maxChosen', max))]);
      return;
    }
    this.input.value = '';
    this.query = '';
    this.set(this.has(choice) ? this.chosen.filter((c) => c.value !== choice.value) : [...this.chosen, choice]);
    this.refresh();
  }

  key(e) {
    if (e.isComposing) return;
    const n = this.rows?.length ?? 0;
    const open = Boolean(this.remove);
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      if (open && n) this.move((this.active + (e.key === 'ArrowDown' ? 1 : n - 1)) % n);
      else this.open();
    } else if (e.key === 'Enter' && !e.ctrlKey && !e.metaKey) {
      if (open && n) this.choose(this.rows[this.active].choice);
      else this.open();
    } else if (e.key === 'Escape' && open) {
      this.close();
    } else if (e.key === 'Backspace' && this.config.multi && !this.input.value && this.chosen.length) {
      this.set(this.chosen.slice(0, -1));
      return;
    } else {
      return;
    }
    e.preventDefault();
    e.stopPropagation();
  }
}
