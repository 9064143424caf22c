// Notices as toasts: what Slack would tell the person when something failed.
import { h } from './dom.js';
import { icon } from './icons.js';
import { store } from './store.js';
import { t } from './words.js';

const STAY = 8000;

/** notices makes the stack of toasts and the line that says the server is away. */
export function notices() {
  const host = h('div.toasts', { role: 'status', 'aria-live': 'polite' });
  const offline = h('div.offline', { role: 'status', hidden: true });
  store.on('notice', (e) => {
    const { text, level, channel } = e.detail;
    // An open modal shows it itself, and the channel it belongs to has it in its list.
    if (store.views.length || (channel && channel === store.place.channel && store.place.tab === 'messages')) return;
    const drop = () => toast.remove();
    const toast = h('div.toast', { testid: 'notice', class: level }, icon(level === 'error' ? 'warn' : 'info'), h('span', text),
      h('button.icon-button', { type: 'button', 'aria-label': t('close'), onclick: drop }, icon('close', 14)));
    host.append(toast);
    setTimeout(drop, STAY);
  });
  store.on('online', () => {
    offline.hidden = store.online;
    offline.textContent = t('lost');
  });
  document.body.append(host);
  return offline;
}
