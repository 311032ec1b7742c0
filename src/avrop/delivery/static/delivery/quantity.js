// The minus and plus buttons beside a quantity. Without script they stay hidden and the number is typed.
for (const box of document.querySelectorAll(".dl-count")) {
  const input = box.querySelector("input");
  const most = Number(box.dataset.most) / 1e6;
  const read = () => Number(input.value.replace(/\s/g, "").replace(",", ".")) || 0;
  const write = (value) => { input.value = String(Math.round(value * 1e6) / 1e6).replace(".", ","); };
  for (const button of box.querySelectorAll("[data-step]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      write(Math.min(most, Math.max(0, read() + Number(button.dataset.step))));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}
