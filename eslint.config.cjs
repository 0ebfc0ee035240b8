const path = require("path");

const globals = require(path.join(__dirname, ".local/npm/node_modules/globals"));

module.exports = [
    {
        files: ["**/*.js"],
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: {...globals.browser, odoo: "readonly", luxon: "readonly"},
        },
        rules: {
            "array-callback-return": "error",
            "constructor-super": "error",
            curly: "error",
            "default-case-last": "error",
            eqeqeq: ["error", "smart"],
            "getter-return": "error",
            "no-class-assign": "error",
            "no-console": "error",
            "no-const-assign": "error",
            "no-debugger": "error",
            "no-dupe-args": "error",
            "no-dupe-class-members": "error",
            "no-dupe-keys": "error",
            "no-duplicate-case": "error",
            "no-duplicate-imports": "error",
            "no-empty": "error",
            "no-eval": "error",
            "no-fallthrough": "error",
            "no-self-assign": "error",
            "no-self-compare": "error",
            "no-shadow": "error",
            "no-this-before-super": "error",
            "no-throw-literal": "error",
            "no-undef": "error",
            "no-unreachable": "error",
            "no-unused-expressions": "error",
            "no-unused-vars": ["error", {argsIgnorePattern: "^_"}],
            "no-useless-return": "error",
            "no-var": "error",
            "prefer-const": "error",
            "require-atomic-updates": "error",
        },
    },
];
