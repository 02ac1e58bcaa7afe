package org.centerloss.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages lines and cells of a table: missing, repeated, of another type, zero, negative, huge. */
public final class CsvMutator implements Mutator {
    private static final String[] CELLS = {
        "",
        "0",
        "-1",
        "1",
        "0.5",
        "1e308",
        "1e999",
        "NaN",
        "-Infinity",
        "x",
        "\"",
        "\"a\"b",
        "1_0",
        "0x10",
        "99999999999999999999",
        "=1+1",
        "é",
        "\0",
        "\r",
        "epoch",
        "1,2,3"
    };

    @Override
    public byte[] mutate(byte[] content, Random random) {
        String text = new String(content, StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>(text.lines().toList());
        for (int changes = 1 + random.nextInt(2); changes > 0 && !lines.isEmpty(); changes--) {
            change(lines, random);
        }
        String end = random.nextInt(10) == 0 ? "" : "\n";
        return (String.join("\n", lines) + end).getBytes(StandardCharsets.UTF_8);
    }

    private static void change(List<String> lines, Random random) {
        int at = random.nextInt(lines.size());
        switch (random.nextInt(7)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(at, lines.get(random.nextInt(lines.size())));
            case 2 -> lines.set(at, lines.get(random.nextInt(lines.size())));
            default -> {
                List<String> cells = new ArrayList<>(Arrays.asList(lines.get(at).split(",", -1)));
                int cell = random.nextInt(cells.size());
                switch (random.nextInt(6)) {
                    case 0 -> cells.remove(cell);
                    case 1 -> cells.add(cell, cells.get(random.nextInt(cells.size())));
                    default -> cells.set(cell, CELLS[random.nextInt(CELLS.length)]);
                }
                lines.set(at, String.join(",", cells));
            }
        }
    }
}
