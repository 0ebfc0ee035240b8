/* The customer's page works without this script: it spares the visitor a click. */

const form = document.getElementById("answer");
const total = document.getElementById("selection");

function getSelected() {
    return [...form.querySelectorAll("input[name=i]:checked")];
}

/** Write what is to pay for the selection, per currency. */
function updateTotal() {
    const sums = new Map();
    for (const box of getSelected()) {
        const {amount, currency} = box.dataset;
        sums.set(currency, (sums.get(currency) || 0) + Number(amount));
    }
    const texts = [...sums].map(([currency, sum]) =>
        new Intl.NumberFormat(total.dataset.locale, {
            style: "currency",
            currency,
        }).format(sum)
    );
    total.textContent = texts.join(" + ") || "–";
}

/** Have the server work out accounts, sums and codes of the selection. */
async function updatePayments() {
    const place = document.getElementById("pay");
    if (!place) {
        return;
    }
    const sent = new FormData();
    getSelected().forEach((box) => sent.append("i", box.value));
    sent.append("show", "1");
    place.setAttribute("aria-busy", "true");
    try {
        const answer = await fetch(form.action, {method: "POST", body: sent});
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.getElementById("pay");
        if (answer.ok) {
            place.replaceChildren(...(fresh ? fresh.children : []));
        }
    } finally {
        place.removeAttribute("aria-busy");
    }
}

let waiting;

if (form && total) {
    document.documentElement.classList.add("scripted");
    form.addEventListener("change", (event) => {
        if (event.target.name === "i") {
            updateTotal();
            clearTimeout(waiting);
            waiting = setTimeout(updatePayments, 400);
        }
    });
}

/* The buttons of the e-mail lead to an answer: choose it. */
const wanted = location.hash && document.getElementById(location.hash.slice(1));
const choice = wanted && wanted.querySelector("input[name=kind]");
if (choice && !form.querySelector("input[name=kind]:checked")) {
    choice.checked = true;
}
