// The question an element may ask before it acts.
import { h, uid } from './dom.js';
import { plain, textObject } from './mrkdwn.js';
import { t } from './words.js';

/** confirm shows a confirmation object and resolves to the person's answer. */
export function confirm(question) {
  return new Promise((resolve) => {
    const title = uid('confirm');
    const yes = h('button.btn', { type: 'button', testid: 'confirm-ok', class: question.style === 'danger' ? 'danger' : 'primary', onclick: () => answer(true) }, question.confirm ? plain(question.confirm) : t('ok'));
    const no = h('button.btn', { type: 'button', testid: 'confirm-deny', onclick: () => answer(false) }, question.deny ? plain(question.deny) : t('cancel'));
    const dialog = h('dialog.confirm', { 'aria-labelledby': title, testid: 'confirm' },
      h('h2', { id: title }, plain(question.title)), h('div.rich', textObject(question.text)), h('footer', no, yes));
    const answer = (value) => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    dialog.addEventListener('cancel', (e) => {
      e.preventDefault();
      answer(false);
    });
    document.body.append(dialog);
    dialog.showModal();
    yes.focus();
  });
}
