package org.centerloss.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.centerloss.base.Printable;
import org.centerloss.report.page.ClassResult;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that a terminal, a browser or a spreadsheet would obey are shown instead. */
class ForeignTextTest {
    private static final String ESCAPE = "\u001b[31m";

    private static final Set<String> CLASSES =
            new TreeSet<>(
                    Set.of(
                            ESCAPE + "red",
                            "two\nlines",
                            "\u202ereversed",
                            "=1+1",
                            "@SUM(A1)",
                            "<script>alert(1)<",
                            "|bar|"));

    @TempDir private static Path folder;
    private static Path run;
    private static TinyRun.Result training;

    @BeforeAll
    static void trainOnce() {
        int image = 0;
        for (String name : CLASSES) {
            for (int i = 0; i < 5; i++) {
                String file = "-" + i + ESCAPE + "\n.png";
                int level = 30 * (image++ / 5);
                TinyRun.image(images().resolve(name).resolve(file), 12, i, level);
            }
        }
        run = folder.resolve("run" + ESCAPE);
        training =
                TinyRun.run(
                        ("train --device cpu --feat-dim 2 --batch-size 7 --epochs 1 --dataset "
                                        + images()
                                        + " --out "
                                        + run)
                                .split(" "));
        assertEquals(0, training.code(), training.err());
    }

    private static Path images() {
        return folder.resolve("images");
    }

    /** What is printed as it is, from which nobody else's text can be told. */
    private static void assertShown(String text) {
        IntPredicate obeyed =
                c ->
                        c != '\n'
                                && !Printable.of(Character.toString(c))
                                        .equals(Character.toString(c));
        assertEquals(
                List.of(),
                text.codePoints().filter(obeyed).mapToObj(Character::getName).toList(),
                text);
    }

    private static TinyRun.Result shown(String... arguments) {
        TinyRun.Result result = TinyRun.run(arguments);
        assertShown(result.out());
        assertShown(result.err());
        return result;
    }

    private static List<CSVRecord> records(Path file) throws IOException {
        CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
        try (CSVParser parser = CSVParser.parse(file, StandardCharsets.UTF_8, format)) {
            List<CSVRecord> records = parser.getRecords();
            for (CSVRecord record : records) {
                for (String cell : record) {
                    assertFalse(cell.matches("(?s)[=+@\t\r].*|-[^0-9].*"), record.toString());
                }
            }
            return records;
        }
    }

    @Test
    void aRunShowsAndLogsThem() throws IOException {
        assertShown(training.out());
        assertShown(training.err());
        assertTrue(training.out().contains("run directory: " + folder + "/run\\x1b[31m"));
        assertShown(Files.readString(run.resolve("train.log")));
    }

    @Test
    void thePageShowsThem() throws IOException {
        String page = Files.readString(run.resolve("report.html"));
        for (String obeyed : List.of("\u001b", "\u202e", "<script>alert")) {
            assertFalse(page.contains(obeyed), obeyed);
        }
        assertTrue(page.contains("&lt;script&gt;alert(1)&lt;"));
    }

    @Test
    void theTablesOfCommandsShowThem() {
        TinyRun.Result evaluation = shown("evaluate", run.toString(), "--device", "cpu");
        assertEquals(0, evaluation.code(), evaluation.err());
        assertTrue(evaluation.out().contains("two\\nlines"), evaluation.out());
        assertTrue(evaluation.out().contains("\\x1b[31mred"), evaluation.out());
        TinyRun.Result prediction =
                shown("predict", run.toString(), images().toString(), "--device", "cpu");
        assertEquals(0, prediction.code(), prediction.err());
        long lines = prediction.out().lines().filter(l -> l.startsWith(folder.toString())).count();
        assertEquals(5L * CLASSES.size(), lines, prediction.out());
    }

    @Test
    void noCellOfATableIsAFormulaAndNamesAreReadBack() throws IOException {
        Path predictions = folder.resolve("predictions.csv");
        Path embeddings = folder.resolve("embeddings.csv");
        String image = images().resolve("=1+1").toString();
        for (String command :
                List.of("predict --csv " + predictions, "embed --out " + embeddings)) {
            List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
            arguments.addAll(List.of("--device", "cpu", run.toString(), image));
            TinyRun.Result result = shown(arguments.toArray(String[]::new));
            assertEquals(0, result.code(), result.err());
        }
        assertEquals(5, records(predictions).size());
        assertEquals("'=1+1", records(embeddings).get(0).get("label"));
        records(run.resolve("classes.csv"));
        Set<String> read = new TreeSet<>();
        ClassResult.read(run, 1).forEach(result -> read.add(result.name()));
        assertEquals(CLASSES, read);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evaluate|/no/\u001b[2Jsuch\nfile",
                "train|--device|cpu|--dataset|no\u202esuch",
                "train|--device|cpu|--hold-out-classes|no\u001b[2Jsuch",
                "train|--lr|1\u001b[2J\n2",
                "train|--no\u001b[2Jsuch",
                "train|--loss|a\nb",
                "train|--config|no\nsuch",
                "train|--sweep|lr=\u001b[2J",
                "\u001b[2J",
                "report|no\nsuch",
                "predict|no\nsuch|x",
                "bench|kernels|--device|cpu|--compare|no\nsuch"
            })
    void aMessageIsALineOfLimitedLength(String arguments) {
        List<String> given = new ArrayList<>(List.of(arguments.split("\\|")));
        for (String more : List.of("", "x".repeat(5000))) {
            given.set(given.size() - 1, given.get(given.size() - 1) + more);
            TinyRun.Result result = shown(given.toArray(String[]::new));
            assertTrue(result.code() != 0);
            List<String> lines = result.err().lines().toList();
            assertTrue(lines.get(0).startsWith("centerloss: "), result.err());
            assertTrue(lines.size() == 1 || lines.get(1).startsWith("See: "), result.err());
            assertTrue(lines.get(0).length() <= Printable.LONGEST_MESSAGE, result.err());
        }
    }
}
