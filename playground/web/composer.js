// The box one writes in: completion of slash commands and of people, Enter
// sends, Shift+Enter breaks the line, and an input method's Enter is its own.
import { avatar } from './avatar.js';
import { fill, h, uid } from './dom.js';
import { icon } from './icons.js';
import { store } from './store.js';
import { t } from './words.js';

export class Composer {
  /** send(text) is called with what was written, attach(file) with a chosen file; commands: whether slash commands are offered. */
  constructor({ send, attach, commands = true }) {
    this.send = send;
    this.commands = commands;
    this.drafts = new Map();
    const list = uid('complete');
    this.panel = h('ul.complete', { role: 'listbox', id: list, hidden: true, onpointerdown: (e) => e.preventDefault() });
    this.usage = h('div.usage', { hidden: true, 'aria-live': 'polite' });
    this.field = h('textarea', {
      rows: 1, testid: 'composer', role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list,
      oninput: () => this.changed(), onkeydown: (e) => this.key(e), onblur: () => this.hide(), onclick: () => this.changed(),
    });
    this.button = h('button.send', { type: 'submit', testid: 'send', 'aria-label': t('send'), title: t('send'), disabled: true }, icon('send'));
    this.chooser = h('input.chooser', { type: 'file', testid: 'composer-file', 'aria-label': t('attach'), tabindex: '-1', onchange: () => this.attached(attach) });
    this.clip = h('button.icon-button', { type: 'button', testid: 'attach', onclick: () => this.chooser.click() }, icon('clip'));
    this.node = h('form.composer', { onsubmit: (e) => { e.preventDefault(); this.submit(); } },
      this.panel, this.usage, h('div.box', this.clip, this.chooser, this.field, this.button));
  }

  /** open prepares the box for a place, bringing back what was half written there. */
  open(place, label) {
    this.place = place;
    this.field.value = this.drafts.get(place) ?? '';
    this.field.placeholder = label;
    this.field.setAttribute('aria-label', label);
    this.button.setAttribute('aria-label', t('send'));
    for (const node of [this.clip, this.chooser]) node.setAttribute('aria-label', t('attach'));
    this.clip.title = t('attach');
    this.hide();
    this.fit();
  }

  focus() {
    if (!matchMedia('(pointer: coarse)').matches) this.field.focus({ preventScroll: true });
  }

  fit() {
    this.field.style.height = 'auto';
    this.field.style.height = `${Math.min(this.field.scrollHeight, 200)}px`;
    this.field.style.overflowY = this.field.scrollHeight > 200 ? 'auto' : 'hidden';
    this.button.disabled = !this.field.value.trim();
  }

  changed() {
    this.drafts.set(this.place, this.field.value);
    this.fit();
    this.complete();
  }

  async submit() {
    const text = this.field.value.trim();
    const { place } = this;
    if (!text) return;
    this.field.value = '';
    this.hide();
    this.drafts.delete(place);
    this.fit();
    try {
      await this.send(text);
    } catch (err) {
      store.notice(err.message);
      if (this.place !== place || this.field.value) return;
      this.field.value = text;
      this.fit();
    }
  }

  async attached(attach) {
    const [file] = this.chooser.files;
    this.chooser.value = '';
    if (!file) return;
    this.clip.disabled = true;
    try {
      const answer = await attach(file);
      if (answer.ok === false && answer.error) store.notice(answer.error);
    } catch (err) {
      store.notice(err.message);
    }
    this.clip.disabled = false;
  }

  // complete looks at what stands before the cursor and offers what could follow.
  complete() {
    const { value, selectionStart: at } = this.field;
    const upto = value.slice(0, at);
    const slash = this.commands && /^\/(\S*)$/.exec(upto);
    const name = /(?:^|[^\w@])@([^\s@]*)$/.exec(upto);
    if (slash) this.offer(0, at, commandsLike(slash[1]));
    else if (name) this.offer(at - name[1].length - 1, at, peopleLike(name[1]));
    else this.hide();
    this.showUsage(value);
  }

  showUsage(value) {
    const known = this.commands && store.commands.find((c) => value.startsWith(`${c.name} `) || value === c.name);
    this.usage.hidden = !known || !this.panel.hidden;
    if (known) fill(this.usage, h('code', known.name), ' ', h('span.hint', known.usage_hint ?? ''), known.usage_hint ? ' — ' : '', known.description);
  }

  offer(from, to, choices) {
    if (!choices.length) return this.hide();
    this.range = [from, to];
    this.choices = choices;
    this.rows = choices.map((c) => h('li.option', {
      role: 'option', id: uid('choice'), testid: 'option', data: { value: c.value }, onclick: () => this.take(c),
    }, c.node()));
    fill(this.panel, h('li.group-label', { role: 'presentation' }, choices[0].kind), this.rows);
    this.panel.hidden = false;
    this.field.setAttribute('aria-expanded', 'true');
    this.move(0);
  }

  hide() {
    // Options that nobody sees must not be found either.
    fill(this.panel);
    this.panel.hidden = true;
    this.usage.hidden = true;
    this.choices = [];
    this.field.setAttribute('aria-expanded', 'false');
    this.field.removeAttribute('aria-activedescendant');
  }

  move(to) {
    this.rows[this.active]?.setAttribute('aria-selected', 'false');
    this.rows[this.active]?.classList.remove('active');
    this.active = to;
    const row = this.rows[to];
    row.setAttribute('aria-selected', 'true');
    row.classList.add('active');
    row.scrollIntoView({ block: 'nearest' });
    this.field.setAttribute('aria-activedescendant', row.id);
  }

  take(choice) {
    const [from, to] = this.range;
    this.field.setRangeText(`${choice.value} `, from, to, 'end');
    this.hide();
    this.changed();
    this.field.focus();
  }

  key(e) {
    if (e.isComposing || e.keyCode === 229) return;
    const n = this.choices?.length ?? 0;
    if (n && (e.key === 'ArrowDown' || e.key === 'ArrowUp')) {
      this.move((this.active + (e.key === 'ArrowDown' ? 1 : n - 1)) % n);
    } else if (n && e.key === 'Escape') {
      this.hide();
    } else if (n && (e.key === 'Tab' || (e.key === 'Enter' && !e.shiftKey)) && !this.whole(e)) {
      this.take(this.choices[this.active]);
    } else if (e.key === 'Enter' && !e.shiftKey) {
      this.submit();
    } else {
      return;
    }
    e.preventDefault();
  }

  // whole: Enter after a whole command means send, not complete.
  whole(e) {
    return e.key === 'Enter' && this.field.value === this.choices[this.active].value;
  }
}

function commandsLike(typed) {
  return store.commands.filter((c) => c.name.slice(1).startsWith(typed.toLowerCase())).map((c) => ({
    value: c.name, kind: t('commandHelp'),
    node: () => [h('b', c.name), ' ', h('span.hint', c.usage_hint ?? ''), h('small', c.description)],
  }));
}

function peopleLike(typed) {
  const low = typed.toLowerCase();
  return [...store.users.values()].filter((u) => `${u.name} ${u.real_name} ${u.title ?? ''}`.toLowerCase().includes(low)).slice(0, 8).map((u) => ({
    value: `@${u.name}`, kind: t('people'),
    node: () => [avatar(u, 24), h('b', u.real_name || u.name), ' ', h('span.hint', `@${u.name}`), u.title ? h('small', u.title) : null],
  }));
}
