// Scan a certificate with the camera, where the browser has one and lets us; without, the photo field does the same.
// The browser reads the code itself if it can. Else a small picture is sent at most once in PAUSE, and the server reads
// it. What is found is put into the form's text field, and the form is sent by the button that data-button selects.
"use strict";

const PAUSE = 1500; // milliseconds between two looks
const LONGEST = 60; // seconds; then the camera is switched off
const WIDEST = 1280; // pixels of a picture that is sent
const BEGINS = "PB1:";

function say(box, which, seconds) {
  box.querySelector(".said").textContent = (box.dataset[which] || "").replace("{seconds}", seconds);
}

async function reader() {
  if (!("BarcodeDetector" in window)) return null;
  const known = await BarcodeDetector.getSupportedFormats();
  return known.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
}

async function readHere(detector, video) {
  try {
    const found = await detector.detect(video);
    return found.map((one) => one.rawValue).find((text) => text.startsWith(BEGINS)) || "";
  } catch {
    return ""; // not ready yet
  }
}

async function readThere(box, video) {
  const scale = Math.min(1, WIDEST / video.videoWidth);
  const canvas = document.createElement("canvas");
  canvas.width = video.videoWidth * scale;
  canvas.height = video.videoHeight * scale;
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  const picture = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  const body = new FormData();
  body.append("_csrf_token", box.closest("form").elements._csrf_token.value);
  body.append("photo", picture, "frame.jpg");
  try {
    const answer = await fetch(box.dataset.reader, { method: "POST", body, credentials: "same-origin" });
    return answer.status === 200 ? await answer.text() : "";
  } catch {
    return ""; // no network for a moment: the next look tries again
  }
}

async function scan(box, video, detector, running) {
  const began = Date.now();
  while (running() && Date.now() - began < LONGEST * 1000) {
    const seconds = Math.round((Date.now() - began) / 1000);
    if (seconds % 5 < 2) say(box, "looking", seconds);
    let text = "";
    if (video.videoWidth) {
      text = detector ? await readHere(detector, video) : "";
      if (!text && running()) text = await readThere(box, video);
    }
    if (text) return text;
    await new Promise((done) => setTimeout(done, PAUSE));
  }
  return "";
}

async function begin(box, buttons, video) {
  say(box, "asking");
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: { ideal: "environment" } } });
  } catch {
    say(box, "refused");
    return;
  }
  let on = true;
  const stop = () => {
    on = false;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
    video.hidden = buttons.stop.hidden = true;
    buttons.start.hidden = false;
  };
  buttons.stop.onclick = () => { stop(); say(box, ""); buttons.start.focus(); };
  addEventListener("pagehide", stop, { once: true });
  video.srcObject = stream;
  video.hidden = buttons.stop.hidden = false;
  buttons.start.hidden = true;
  await video.play();
  const text = await scan(box, video, await reader(), () => on);
  const stopped = !on;
  stop();
  if (text) {
    const form = box.closest("form");
    form.elements.text.value = text;
    say(box, "found");
    form.requestSubmit(form.querySelector(box.dataset.button));
  } else if (!stopped) {
    say(box, "stopped");
  }
}

const box = document.getElementById("camera");
if (box && navigator.mediaDevices?.getUserMedia) {
  const buttons = { start: box.querySelector(".start"), stop: box.querySelector(".stop") };
  box.hidden = false;
  buttons.start.addEventListener("click", () => begin(box, buttons, box.querySelector("video")));
}
