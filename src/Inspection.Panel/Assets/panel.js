// Keeps the page honest: says when it shows old things, and heals a lost connection by itself.
(() => {
  'use strict';
  const root = document.documentElement;
  const staleAfter = 3500, reloadAfter = 15000, retryEvery = 1000;
  let beat = null, beatAt = performance.now(), lost = false, healing = false;

  const wait = ms => new Promise(done => setTimeout(done, ms));

  function show(state) {
    if (root.dataset.link !== state) root.dataset.link = state;
  }

  async function answers() {
    try {
      return (await fetch('/alive', { cache: 'no-store', signal: AbortSignal.timeout(2000) })).ok;
    } catch {
      return false;
    }
  }

  // Takes up the old circuit where the server still has it; after a restart it does not, and the page is loaded anew.
  async function heal(reconnect) {
    if (healing) return;
    healing = true;
    while (lost) {
      if (await answers()) {
        let again = false;
        try {
          again = reconnect && await Blazor.reconnect();
        } catch {
          await wait(retryEvery);
          continue;
        }
        if (!again) {
          location.reload();
          return;
        }
        lost = false;
        break;
      }
      await wait(retryEvery);
    }
    healing = false;
  }

  function watch() {
    const page = document.getElementById('panel');
    const now = performance.now();
    if (page && page.dataset.beat !== beat) {
      beat = page.dataset.beat;
      beatAt = now;
    }
    const age = now - beatAt;
    const full = page && page.dataset.full !== undefined;
    show(lost ? 'lost' : full || age < staleAfter ? 'ok' : 'stale');
    if (!lost && age > reloadAfter) {
      lost = true;
      heal(false);
    }
  }

  window.panel = {
    rememberLanguage(language) {
      document.cookie = `language=${language}; path=/; max-age=31536000; samesite=lax`;
      root.lang = language;
    }
  };

  setInterval(watch, 250);
  Blazor.start({
    circuit: {
      configureSignalR: builder => builder.withServerTimeout(8000).withKeepAliveInterval(2000),
      reconnectionHandler: {
        onConnectionDown: () => {
          lost = true;
          show('lost');
          heal(true);
        },
        onConnectionUp: () => {
          lost = false;
          beatAt = performance.now();
          show('ok');
        }
      }
    }
  });
})();
