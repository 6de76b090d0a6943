// On a phone one store is shown at a time: the one that somebody chose last is there again when they come back.
(() => {
  const choices = [...document.querySelectorAll(".store-choices input")];
  const kept = sessionStorage.getItem("store");
  const chosen = choices.find((choice) => choice.id === kept);
  if (chosen) chosen.checked = true;
  for (const choice of choices) choice.addEventListener("change", () => sessionStorage.setItem("store", choice.id));
})();
