// The panel with one thread: its first message, the replies, its own composer.
// A conversation with the assistant is one, too.
import { api } from './api.js';
import { Foot, head as paneHead } from './assistant.js';
import { Composer } from './composer.js';
import { fill, h } from './dom.js';
import { icon } from './icons.js';
import { MessageList } from './messages.js';
import { store } from './store.js';
import { t } from './words.js';

/** thread makes the panel; it is hidden while no thread is open. */
export function thread() {
  const list = new MessageList({ thread: true });
  const head = h('header.heading');
  const foot = new Foot((text) => ask(text));
  const composer = new Composer({ commands: false, send, attach: (file) => api.upload(file, store.thread.channel, store.thread.ts) });
  const node = h('aside.thread', { testid: 'thread', hidden: true }, head, list.node, foot.node, composer.node);
  node.addEventListener('keydown', (e) => e.key === 'Escape' && !e.defaultPrevented && store.closeThread());
  store.on('thread', (e) => {
    const open = store.thread;
    const fresh = open && node.hidden;
    node.hidden = !open;
    node.closest('.columns').classList.toggle('with-thread', Boolean(open) || store.faultsOpen);
    if (!open) return;
    const root = open.messages.find((m) => m.ts === open.ts);
    node.setAttribute('aria-label', open.pane ? t('assistant') : t('thread'));
    const channel = store.channel(open.channel);
    fill(head, open.pane ? paneHead(root) : [h('h1', t('thread')), h('p.topic', channel?.kind === 'im' ? '' : `#${channel?.name}`)],
      h('button.icon-button', { type: 'button', 'aria-label': t('close'), testid: 'thread-close', onclick: () => store.closeThread() }, icon('close')));
    list.show(open.messages.filter((m) => !m.assistant), { opening: e.detail?.opening });
    foot.draw(root?.assistant);
    if (fresh || composer.place !== open.ts) {
      composer.open(open.ts, open.pane ? t('askAssistant', store.bot?.real_name ?? '') : t('replyTo'));
      composer.focus();
    }
  });
  return node;
}

async function ask(text) {
  const answer = await api.say(store.thread.channel, store.thread.ts, text).catch((err) => ({ ok: false, error: err.message }));
  if (answer.ok === false && answer.error) store.notice(answer.error);
}

async function send(text) {
  const command = /^\/\S+/.exec(text);
  if (command) {
    store.notice(t('notInThreads', command[0]), 'info');
    return;
  }
  const answer = await api.say(store.thread.channel, store.thread.ts, text);
  if (answer.ok === false && answer.error) store.notice(answer.error);
}
