/* Passkeys: hands what the page says to allauth's script, and says so when it does not work.
   data-passkey on the button: "add", "authenticate" or "login"; data-credential: the id of the
   hidden field; data-options: the id of the JSON that the server made (not for "login");
   data-passwordless: the id of a box. What stands in [data-passkeys] is of no use without. */
document.addEventListener("DOMContentLoaded", () => {
  if (!window.PublicKeyCredential) return;
  for (const part of document.querySelectorAll("[data-passkeys]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-no-passkeys]")) part.hidden = true;
  for (const button of document.querySelectorAll("[data-passkey]")) {
    const { passkey, credential, options, passwordless } = button.dataset;
    window.allauth.webauthn.forms[`${passkey}Form`]({
      ids: { [passkey]: button.id, credential, data: options, passwordless },
      data: {},
    });
  }
});

document.addEventListener("allauth.error", (event) => {
  const said = document.querySelector("[data-passkey-error]");
  if (!said) return;
  event.preventDefault();
  said.hidden = false;
  said.focus();
});
