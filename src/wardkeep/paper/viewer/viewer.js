// Opens the pack that this page carries: verifies first, shows then, marks every page.
// WORDS stands before it (paper/viewer_words.py), WardkeepAge too (age/SOURCES.md).
(() => {
  "use strict";
  const { Decrypter, ed25519, sha256, bech32, wordlist } = WardkeepAge;
  const MAGIC = "wardkeep sheets 1\n", HOUR = 3600e6, MINUTE = 60e6;
  const utf8 = new TextDecoder("utf-8", { fatal: true });

  // Text only: nothing that comes from the file is ever read as markup here.
  const make = (tag, props = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), props);
    made.append(...children);
    return made;
  };
  const say = (name, places = {}) =>
    WORDS[name].replace(/\{(\w+)\}/g, (whole, place) => place in places ? String(places[place]) : whole);
  const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const slot = (name) => bytesOf(document.getElementById("wardkeep-" + name).textContent);
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const attempt = (work) => { try { return work(); } catch { return undefined; } };

  // minisign, algorithm Ed: line 2 signs the file, line 4 signs that signature and the comment.
  const isSigned = (content, text, key) => {
    const lines = text.split("\n");
    if (lines.length !== 5 || lines[4] !== "" || !lines[2].startsWith("trusted comment: ")) return false;
    const first = bytesOf(lines[1]), own = first.slice(10), comment = new TextEncoder().encode(lines[2].slice(17));
    if (first.length !== 74 || first[0] !== 69 || first[1] !== 100) return false;
    return ed25519.verify(own, content, key) &&
      ed25519.verify(bytesOf(lines[3]), new Uint8Array([...own, ...comment]), key);
  };

  const examined = () => {
    const doubts = [];
    const sheets = attempt(() => slot("sheets")) || new Uint8Array();
    const bytes = attempt(() => slot("manifest"));
    const manifest = bytes && attempt(() => JSON.parse(utf8.decode(bytes)));
    const key = attempt(() => {
      const raw = bytesOf(utf8.decode(slot("signer")).trim().split("\n").pop());
      return raw.length === 42 ? raw.slice(10) : undefined;
    });
    const print = key ? hex(sha256(key)).match(/.{4}/g).join(" ") : "-";
    if (!manifest || !Array.isArray(manifest.packs)) doubts.push("no_manifest");
    else if (!key || !attempt(() => isSigned(bytes, utf8.decode(slot("signature")), key))) doubts.push("not_signed");
    const digest = hex(sha256(sheets));
    const pack = manifest && Array.isArray(manifest.packs) &&
      manifest.packs.find((each) => each && each.html && each.html.sha256 === digest);
    if (manifest && !pack) doubts.push("not_listed");
    return { doubts, sheets, manifest: doubts.length ? undefined : manifest, pack: doubts.length ? undefined : pack, print };
  };

  // As the sheets tell them, on the site's clock: that of this computer may be of another zone.
  const inUtc = (at) => new Date(at / 1000).toISOString().slice(0, 16).replace("T", " ") + " UTC";
  const builtTold = (pack) => pack.built_told || inUtc(pack.built);
  const asOfTold = (pack) => pack.as_of === null ? builtTold(pack) : pack.as_of_told || inUtc(pack.as_of);

  // The highest counter that this browser opened of this signer; a browser may keep nothing.
  const seen = (print, counter) => attempt(() => {
    const name = "wardkeep-seen " + print, before = Number(localStorage.getItem(name)) || 0;
    if (counter > before) localStorage.setItem(name, String(counter));
    return before;
  }) || 0;

  const marksOf = (found, glass, before) => {
    const now = Date.now() * 1000, marks = [];
    if (found.doubts.length) {
      marks.push(say("not_verified") + (glass ? " · " + say("glass_by", glass) : ""));
      marks.push(...found.doubts.map((doubt) => say(doubt)));
      return marks;
    }
    const { pack, manifest } = found;
    const until = pack.as_of === null ? pack.built : Math.min(pack.as_of, pack.built);
    if (now < pack.built - MINUTE) marks.push(say("clock"));
    else if (now - until >= manifest.old_after) marks.push(say("old", { hours: Math.floor((now - until) / HOUR) }));
    const file = attempt(() => decodeURIComponent(location.pathname.split("/").pop()));
    if (file && file !== pack.html.file) marks.push(say("renamed", { ward: pack.ward }));
    if (manifest.counter < before) marks.push(say("old_all"));
    if (pack.held) marks.push(say("held"));
    if (glass) marks.push(say("glass_by", glass));
    return marks;
  };

  const identityOf = (typed) => {
    const compact = typed.trim();
    if (/^age-secret-key-1/i.test(compact)) {
      const text = compact.toUpperCase();
      if (!attempt(() => bech32.decodeToBytes(text.toLowerCase()).bytes.length === 32)) throw say("bad_key");
      return text;
    }
    const words = compact.toLowerCase().split(/\s+/).map((word) => word.replace(/^[.,;:()]+|[.,;:()]+$/g, ""))
      .filter((word) => /^\p{L}+$/u.test(word));
    words.forEach((word, place) => {
      if (!wordlist.includes(word)) throw say("bad_word", { number: place + 1, word });
    });
    if (words.length !== 24) throw say("bad_count", { count: words.length });
    // BIP-39: 11 bits a word, 256 of entropy and the first 8 of its SHA-256.
    const bits = words.map((word) => wordlist.indexOf(word).toString(2).padStart(11, "0")).join("");
    const bytes = Uint8Array.from(bits.match(/.{8}/g), (each) => parseInt(each, 2));
    const secret = bytes.slice(0, 32);
    if (sha256(secret)[0] !== bytes[32]) throw say("bad_check");
    return bech32.encodeFromBytes("age-secret-key-", secret).toUpperCase();
  };

  const parted = (content) => {
    const parts = [];
    if (attempt(() => utf8.decode(content.slice(0, MAGIC.length))) !== MAGIC) return parts;
    const view = new DataView(content.buffer, content.byteOffset);
    for (let place = MAGIC.length; place + 4 <= content.length;) {
      const begin = place + 4;
      place = begin + view.getUint32(place);
      parts.push(content.slice(begin, place));
    }
    return parts;
  };

  const TAGS = new Set("TABLE THEAD TBODY TFOOT TR TH TD P B S SPAN DIV H2 H3 H4".split(" "));
  const ATTRIBUTES = new Set(["class", "colspan", "rowspan", "scope", "role"]);
  // What was forged and opened all the same must not hide the marks: no other elements, no styles.
  const cleaned = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
    if (node.nodeType !== Node.ELEMENT_NODE || !TAGS.has(node.tagName)) return "";
    const made = document.createElement(node.tagName);
    for (const { name, value } of node.attributes) if (ATTRIBUTES.has(name)) made.setAttribute(name, value);
    made.append(...Array.from(node.childNodes, cleaned));
    return made;
  };
  const fragment = (text) =>
    Array.from(new DOMParser().parseFromString(text, "text/html").body.childNodes, cleaned);

  // Sheet by sheet, each on the screen as soon as it is read: the ward sheet is there at once.
  const opened = async (found, identity, glass) => {
    const decrypter = new Decrypter(), parts = parted(found.sheets);
    decrypter.addIdentity(identity);
    let view, unread = [];
    for (const [place, part] of parts.entries()) {
      const text = await decrypter.decrypt(part, "text").catch(() => undefined);
      if (text === undefined && !view) { unread.push(place); continue; }
      view = view || show(found, parts.length, glass);
      for (const each of unread.splice(0)) view.add(each, undefined);
      view.add(place, text);
      await new Promise((painted) => setTimeout(painted));
    }
    if (view) view.whole();
    return Boolean(view);
  };

  const show = (found, count, glass) => {
    const before = found.manifest ? seen(found.print, found.manifest.counter) : 0;
    const bar = make("header", { className: "bar" });
    const main = make("main");
    // Printed before all of it is there, a pack would lack patients.
    const printing = make("button", { type: "button", textContent: say("opening"), disabled: true, onclick: () => print() });
    const asOf = found.pack ? say("as_of", { when: asOfTold(found.pack) }) : "";
    const heads = [];
    const add = (place, text) => {
      const made = text === undefined
        ? [make("p", { className: "banner", textContent: say("unread", { number: place + 1, count }) })]
        : fragment(text);
      const sheet = make("section", {}, ...made);
      // Above and below: a browser that prints repeats a head only while it is not too high.
      for (const edge of sheet.querySelectorAll("table.sheet > :is(thead, tfoot) > tr > td")) {
        const marks = make("div", { className: "marks" });
        edge.prepend(marks);
        heads.push(marks);
      }
      main.append(sheet);
      mark();
    };
    const mark = () => {
      const marks = marksOf(found, glass, before);
      const line = (words) => make("p", { className: "banner", textContent: words });
      heads.forEach((place) => place.replaceChildren(...(marks.length ? [line(marks.join("  ·  "))] : [])));
      bar.firstChild.replaceChildren(...marks.map(line));
    };
    bar.append(make("div", { className: "marks" }), make("div", { className: "controls" },
      make("h1", { textContent: document.title }), make("b", { textContent: asOf + " " }),
      printing, " ",
      make("button", { type: "button", textContent: say("close"), onclick: () => location.reload() })));
    mark();
    // A page that is left open grows old on the screen.
    setInterval(mark, 60000);
    document.body.replaceChildren(bar, main);
    scrollTo(0, 0);
    return {
      add,
      whole: () => {
        printing.disabled = false;
        printing.textContent = say("print");
        document.body.className = "whole";
      },
    };
  };

  const door = () => {
    const found = examined();
    const ward = found.pack ? found.pack.ward : "?";
    const error = make("p", { className: "error", role: "alert" });
    const key = make("textarea", { id: "key", rows: 4, spellcheck: false, autocomplete: "off", required: true });
    const name = make("input", { id: "name", maxLength: 100, autocomplete: "off" });
    const reason = make("input", { id: "reason", maxLength: 200, autocomplete: "off" });
    const button = make("button", { type: "submit", textContent: say("open") });
    const label = (target, words) => make("label", { htmlFor: target, textContent: say(words) });
    const form = make("form", {}, label("key", "key"), key);
    const guarded = found.doubts.length > 0 || Boolean(WORDS.guarded);
    if (guarded) form.append(make("p", { textContent: say(found.doubts.length ? "glass_why" : "guarded") }),
      label("name", "glass_name"), name, label("reason", "glass_reason"), reason);
    form.append(error, button);
    form.onsubmit = async (event) => {
      event.preventDefault();
      error.textContent = "";
      const glass = guarded ? { name: name.value.trim(), reason: reason.value.trim() } : undefined;
      if (glass && !(glass.name && glass.reason)) { error.textContent = say("glass_missing"); return; }
      let identity;
      try { identity = identityOf(key.value); } catch (words) {
        error.textContent = typeof words === "string" ? words : say("bad_key");
        return;
      }
      key.value = "";
      button.disabled = true;
      button.textContent = say("opening");
      if (await opened(found, identity, glass)) return;
      button.disabled = false;
      button.textContent = say("open");
      error.textContent = say(found.doubts.length ? "wrong_or_damaged" : "wrong_key");
    };
    const state = found.doubts.length
      ? [make("p", { className: "banner", textContent: say("not_verified") }),
        ...found.doubts.map((doubt) => make("p", { className: "error", textContent: say(doubt) }))]
      : [make("p", { className: "good", textContent: say("verified") }),
        ...marksOf(found, undefined, 0).map((each) => make("p", { className: "banner", textContent: each })),
        make("p", { className: "when", textContent: say("as_of", { when: asOfTold(found.pack) }) + " · " + say("built_at", { when: builtTold(found.pack) }) })];
    document.title = say("title", { ward });
    document.body.replaceChildren(make("main", { className: "door" },
      make("h1", { textContent: say("title", { ward }) }),
      make("p", { textContent: say("fingerprint") }), make("p", { className: "print", textContent: found.print }),
      make("p", { textContent: say("compare") }), ...state, form));
    key.focus();
  };

  door();
})();
