const path = require("path");

// By path: a plugin given by name is searched beside this file, not in .local.
const xml = path.join(
    __dirname,
    ".local/npm/node_modules/@prettier/plugin-xml/src/plugin.js"
);

module.exports = {
    bracketSpacing: false,
    printWidth: 88,
    proseWrap: "preserve",
    semi: true,
    tabWidth: 4,
    trailingComma: "es5",
    plugins: [xml],
    xmlQuoteAttributes: "double",
    xmlWhitespaceSensitivity: "preserve",
    xmlSelfClosingSpace: true,
};
