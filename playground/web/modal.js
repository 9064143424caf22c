// Modal dialogs: a stack of up to three views in one dialog, the top one shown.
import { api } from './api.js';
import { debounce, fill, h, uid } from './dom.js';
import { focusable } from './blocks.js';
import { icon } from './icons.js';
import { check } from './inputs.js';
import { plain } from './mrkdwn.js';
import { store } from './store.js';
import { keyOf, Surface } from './surface.js';
import { t } from './words.js';

/** modals makes the dialog and follows the stack of views. */
export function modals() {
  const sheets = new Map();
  const dialog = h('dialog.modal', { testid: 'modal', onclose: () => reopen() });
  let top = null;
  const show = () => {
    const stack = store.views;
    const live = new Set(stack.map((v) => v.id));
    for (const id of sheets.keys()) if (!live.has(id)) sheets.delete(id);
    stack.forEach((view) => {
      if (!sheets.has(view.id)) sheets.set(view.id, new Sheet(view));
    });
    const view = stack.at(-1);
    if (!view) {
      top = null;
      if (dialog.open) dialog.close();
      fill(dialog);
      return;
    }
    const sheet = sheets.get(view.id);
    sheet.update(view, stack.length > 1);
    if (top === sheet && dialog.open) return;
    top = sheet;
    fill(dialog, sheet.node);
    dialog.setAttribute('aria-labelledby', sheet.titleId);
    if (!dialog.open) dialog.showModal();
    sheet.focus();
  };
  // The browser may close a dialog by itself on a second Escape; the stack decides.
  const reopen = () => store.views.length && !dialog.open && dialog.isConnected && dialog.showModal();
  dialog.addEventListener('cancel', (e) => {
    e.preventDefault();
    if (e.target === dialog) top?.close(false);
  });
  store.on('views', show);
  store.on('notice', (e) => top?.trouble(e.detail.text));
  return dialog;
}

// Sheet is one view of the stack: its form, kept while another lies on top.
class Sheet {
  constructor(view) {
    this.view = view;
    this.titleId = uid('modal');
    const keep = debounce(() => !this.gone && api.keepState(this.view.id, this.surface.values).catch(() => {}), 400);
    this.keep = keep;
    this.surface = new Surface({ type: 'view', view_id: view.id }, (id) => {
      this.blockNode(id)?.setError?.('');
      keep();
    });
    this.title = h('h2', { id: this.titleId, testid: 'modal-title' });
    this.back = h('button.icon-button', { type: 'button', testid: 'modal-back', 'aria-label': t('back'), onclick: () => this.close(false) }, icon('back'));
    const x = h('button.icon-button', { type: 'button', testid: 'modal-x', 'aria-label': t('closeAll'), onclick: () => this.close(true) }, icon('close'));
    this.problem = h('div', { role: 'alert' });
    this.blocks = h('div.blocks');
    this.body = h('div.modal-body', { tabindex: '-1' }, this.problem, this.blocks);
    this.cancel = h('button.btn', { type: 'button', testid: 'modal-close', onclick: () => this.close(false) });
    this.submitButton = h('button.btn.primary', { type: 'submit', testid: 'modal-submit' });
    this.node = h('form.sheet', {
      novalidate: true, onsubmit: (e) => { e.preventDefault(); this.submit(); },
      onkeydown: (e) => e.key === 'Enter' && (e.ctrlKey || e.metaKey) && !e.isComposing && this.submit(),
    }, h('header', this.back, this.title, x), this.body, h('footer', this.cancel, this.submitButton));
  }

  update(view, pushed) {
    const before = new Set(this.surface.blocks.map(keyOf));
    const replaced = before.size > 0 && !(view.blocks ?? []).some((b, i) => b.type === 'input' && before.has(keyOf(b, i)));
    this.view = view;
    fill(this.title, plain(view.title));
    this.back.hidden = !pushed;
    fill(this.cancel, view.close ? plain(view.close) : t('cancel'));
    this.submitButton.hidden = !view.submit;
    this.submitText = view.submit ? plain(view.submit) : [];
    this.busy(this.surface.sending);
    this.surface.draw(this.blocks, view.blocks, view.state?.values);
    // Another page in the same view, such as the form after "loading".
    if (replaced && this.node.isConnected && !this.blocks.contains(document.activeElement)) {
      this.body.scrollTop = 0;
      this.focus();
    }
  }

  focus() {
    if (matchMedia('(pointer: coarse)').matches) return this.body.focus();
    const first = this.blocks.querySelector('.block.input');
    const wanted = this.wanted();
    (wanted ?? (first && focusable(first)) ?? (this.view.submit ? this.submitButton : this.cancel)).focus();
  }

  // wanted is the field whose element asks for focus_on_load.
  wanted() {
    const at = (this.view.blocks ?? []).findIndex((b) => b.element?.focus_on_load);
    return at < 0 ? null : focusable(this.blocks.children[at]);
  }

  busy(on) {
    this.surface.sending = Boolean(on);
    this.node.classList.toggle('busy', Boolean(on));
    this.submitButton.disabled = Boolean(on || this.view.submit_disabled);
    fill(this.submitButton, on ? [h('span.spinner'), t('submitting')] : this.submitText);
  }

  blockNode(id) {
    return [...this.blocks.children].find((node) => node.patchKey === id);
  }

  async submit() {
    if (this.submitButton.disabled || !this.view.submit) return;
    fill(this.problem);
    if (this.fail(this.checked())) return;
    this.keep.cancel();
    this.busy(true);
    try {
      const answer = await api.submit(this.view.id, this.surface.values);
      if (answer.ok === false && !this.fail(answer.errors)) this.trouble(answer.error);
    } catch (err) {
      this.trouble(err.message);
    }
    this.busy(false);
    if (this.problem.firstChild) this.submitButton.focus();
  }

  checked() {
    const errors = {};
    (this.view.blocks ?? []).forEach((block, i) => {
      if (block.type !== 'input') return;
      const id = keyOf(block, i);
      const text = check(block, this.surface.value(id, block.element));
      if (text) errors[id] = text;
    });
    return errors;
  }

  // fail shows errors under their fields and goes to the first; false when there are none.
  fail(errors = {}) {
    this.surface.errors = errors ?? {};
    let first = null;
    for (const node of this.blocks.children) {
      if (!node.setError) continue;
      const text = this.surface.errors[node.patchKey];
      node.setError(text);
      if (text) first ??= node;
    }
    first?.focusField();
    first?.scrollIntoView({ block: 'center', behavior: 'smooth' });
    return Boolean(first);
  }

  /** trouble shows what went wrong with the whole view, above its fields. */
  trouble(text) {
    fill(this.problem, h('div.problem', { testid: 'notice' }, text || t('trouble')));
    this.body.scrollTop = 0;
  }

  async close(all) {
    this.keep.cancel();
    this.gone = true;
    const id = this.view.id;
    try {
      await api.closeView(id, all);
    } catch (err) {
      store.notice(err.message);
    }
    const at = store.views.findIndex((v) => v.id === id);
    if (at < 0) return;
    store.views = all ? [] : store.views.slice(0, at);
    store.emit('views');
  }
}
