// V8 beside the benchmark: for each line of input it compiles the module, or calls its `run`, and answers with the
// nanoseconds that took and the result. The module comes first on the input; its length is the second argument.
'use strict';
const { readSync, writeSync } = require('fs');

const [mode, length] = process.argv.slice(-2);
const bytes = Buffer.alloc(Number(length));
for (let have = 0, got; have < bytes.length; have += got) {
    got = readSync(0, bytes, have, bytes.length - have);
    if (got === 0) throw new Error('the module is cut off');
}

// A custom section that differs each time, so that no module is found in V8's cache.
const tail = Buffer.from([0, 9, 4, 0x73, 0x61, 0x6c, 0x74, 0, 0, 0, 0]);
const salted = Buffer.concat([bytes, tail]);
let salt = 0;

function compile() {
    salted.writeUInt32LE(salt++, salted.length - 4);
    const begin = process.hrtime.bigint();
    new WebAssembly.Module(salted);
    return [process.hrtime.bigint() - begin, 0];
}

function caller() {
    const { run } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
    return () => {
        const begin = process.hrtime.bigint();
        const result = run();
        return [process.hrtime.bigint() - begin, result];
    };
}

function print(result) {
    if (typeof result === 'bigint') return `i64 ${result}`;
    const bits = new DataView(new ArrayBuffer(8));
    bits.setFloat64(0, result);
    return `number ${bits.getBigUint64(0)}`;
}

try {
    const once = mode === 'compile' ? compile : caller();
    const line = Buffer.alloc(1);
    while (readSync(0, line) === 1) {
        const [nanoseconds, result] = once();
        writeSync(1, `${nanoseconds} ${print(result)}\n`);
    }
} catch (error) {
    writeSync(1, `error ${String(error.message).replaceAll('\n', ' ')}\n`);
}
