// The app's pane: a conversation with the assistant beside whatever one looks at.
import { h, redraw } from './dom.js';
import { icon } from './icons.js';
import { menu } from './popup.js';
import { store } from './store.js';
import { locale, t } from './words.js';

/** assistantButton opens the pane, where the app and the workspace's plan have one. */
export function assistantButton() {
  const node = h('button.btn.small.assistant-button', { type: 'button', testid: 'assistant', hidden: true, onclick: () => start() });
  const draw = () => {
    node.hidden = !store.pane;
    node.setAttribute('aria-label', t('assistant'));
    node.title = t('assistant');
    redraw(node, locale(), () => [icon('spark', 15), h('span.wide-only', t('assistant'))]);
  };
  for (const topic of ['state', 'pane']) store.on(topic, draw);
  return node;
}

async function start() {
  try {
    await store.openPane();
  } catch (err) {
    store.notice(err.message);
  }
}

/** head is the heading of a conversation: its title, the earlier ones, a new one. */
export function head(root) {
  const earlier = h('button.icon-button', {
    type: 'button', testid: 'assistant-history', 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-label': t('history'), title: t('history'),
    onclick: () => history(earlier, root),
  }, icon('clock'));
  return [h('h1', { testid: 'assistant-title' }, root?.assistant?.title || t('assistant')), h('p.topic', store.bot?.real_name ?? ''),
    earlier, h('button.icon-button', { type: 'button', testid: 'assistant-new', 'aria-label': t('newConversation'), title: t('newConversation'), onclick: start }, icon('pencil'))];
}

async function history(button, root) {
  const all = await store.conversations().catch(() => []);
  if (!all.length) return;
  menu(button, all.map((m) => ({
    label: m.assistant.title || t('newConversation'), value: m.ts, testid: 'conversation', current: m.ts === root?.ts,
    run: () => store.openThread(m.ts, m.channel).catch((err) => store.notice(err.message)),
  })), t('history'));
}

/** Foot is what stands below a conversation: what can be asked, what the app is doing. */
export class Foot {
  /** ask(text) sends a suggested question. */
  constructor(ask) {
    this.ask = ask;
    this.prompts = h('div.prompts', { role: 'group', hidden: true });
    this.status = h('p.pane-status', { role: 'status', testid: 'assistant-status', hidden: true });
    this.node = h('div.pane-foot', this.prompts, this.status);
  }

  draw(assistant) {
    const prompts = assistant?.prompts ?? [];
    this.prompts.hidden = !prompts.length;
    this.prompts.setAttribute('aria-label', assistant?.heading || t('assistant'));
    redraw(this.prompts, [prompts, assistant?.heading], () => [assistant?.heading ? h('h2', assistant.heading) : null,
      prompts.map((p) => h('button.btn.prompt', { type: 'button', testid: 'prompt', title: p.message, data: { value: p.message }, onclick: () => this.ask(p.message) }, p.title))]);
    this.status.hidden = !assistant?.status;
    this.status.textContent = assistant?.status ? `${store.bot?.real_name ?? ''} ${assistant.status}` : '';
  }
}
