// Notices as toasts: what Slack would tell the person when something failed.
import { h } from './dom.js';
import { icon } from './icons.js';
import { layer } from './popup.js';
import { store } from './store.js';
import { t } from './words.js';

const STAY = 8000;

/** notices makes the stack of toasts and the line that says the server is away. */
export function notices() {
  const host = h('div.toasts', { role: 'status', 'aria-live': 'polite' });
  const offline = h('div.offline', { role: 'status', hidden: true });
  store.on('notice', (e) => {
    const { text, level, channel } = e.detail;
    // One that belongs to the open channel stands there, in the list of messages.
    const inSight = channel && channel === store.place.channel && store.place.tab === 'messages' && !store.views.length;
    if (inSight) return;
    const drop = () => toast.remove();
    const toast = h('div.toast', { testid: 'notice', class: level }, icon(level === 'error' ? 'warn' : 'info'), h('span', text),
      h('button.icon-button', { type: 'button', 'aria-label': t('close'), onclick: drop }, icon('close', 14)));
    // Inside an open dialog, else it would lie under it.
    layer().append(host);
    host.append(toast);
    setTimeout(drop, STAY);
  });
  store.on('views', () => {
    if (!store.views.length) document.body.append(host);
  });
  store.on('online', () => {
    offline.hidden = store.online;
    offline.textContent = t('lost');
  });
  document.body.append(host);
  return offline;
}
