// The panel with one thread: its first message, the replies, its own composer.
import { api } from './api.js';
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
  const composer = new Composer({ commands: false, send, attach: (file) => api.upload(file, store.place.channel, store.thread.ts) });
  const node = h('aside.thread', { testid: 'thread', hidden: true, 'aria-label': t('thread') }, head, list.node, composer.node);
  node.addEventListener('keydown', (e) => e.key === 'Escape' && !e.defaultPrevented && store.closeThread());
  store.on('thread', (e) => {
    const open = store.thread;
    const fresh = open && node.hidden;
    node.hidden = !open;
    node.closest('.columns').classList.toggle('with-thread', Boolean(open));
    if (!open) return;
    const channel = store.channel();
    fill(head, h('h1', t('thread')), h('p.topic', channel?.kind === 'im' ? '' : `#${channel?.name}`),
      h('button.icon-button', { type: 'button', 'aria-label': t('close'), testid: 'thread-close', onclick: () => store.closeThread() }, icon('close')));
    list.show(open.messages, { opening: e.detail?.opening });
    if (fresh || composer.place !== open.ts) {
      composer.open(open.ts, t('replyTo'));
      composer.focus();
    }
  });
  return node;
}

async function send(text) {
  const command = /^\/\S+/.exec(text);
  if (command) {
    store.notice(t('notInThreads', command[0]), 'info');
    return;
  }
  const answer = await api.say(store.place.channel, store.thread.ts, text);
  if (answer.ok === false && answer.error) store.notice(answer.error);
}
