package org.centerloss.cli.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.centerloss.base.Columns;
import org.centerloss.cli.command.EvaluationResult.ClassFigures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassTablesTest {
    /** Class c has 100 images, of which {@code wrong[c]} are taken for the next class. */
    private static List<String> lines(int width, String name, int... wrong) {
        int n = wrong.length;
        long[][] confusion = new long[n][n];
        List<ClassFigures> classes = new ArrayList<>();
        for (int c = 0; c < n; c++) {
            confusion[c][c] = 100 - wrong[c];
            confusion[c][(c + 1) % n] += wrong[c];
            double accuracy = confusion[c][c] / 100.0;
            classes.add(new ClassFigures(name + c, 100, accuracy, 1.5, 0.25));
        }
        StringWriter out = new StringWriter();
        ClassTables tables = new ClassTables(new PrintWriter(out, true), width, classes, confusion);
        tables.printClasses();
        tables.printConfusion();
        return out.toString().lines().toList();
    }

    private static int[] none(int classes) {
        return new int[classes];
    }

    @Test
    void fewClassesHaveTheirWholeMatrix() {
        List<String> lines = lines(80, "c", 0, 30, 0);
        assertEquals("class  images  accuracy  distance to center", lines.get(0));
        assertEquals("c1        100   70.00 %  1.5000 ± 0.2500", lines.get(2));
        assertEquals(
                "confusion matrix: a row per true class, a column per predicted class",
                lines.get(4));
        assertEquals("   1    ·  70  30  c1", lines.get(7));
    }

    @Test
    void ofManyClassesTheLargestConfusionsAndTheLowestAccuraciesAreShown() {
        int[] wrong = none(1200);
        Arrays.fill(wrong, 100, 120, 3);
        wrong[7] = 40;
        wrong[1199] = 41;
        List<String> lines = lines(80, "class-", wrong);
        assertEquals(
                "the 10 classes with the lowest accuracy, of 1200 (all: --json FILE)",
                lines.get(0));
        assertEquals("class-1199     100   59.00 %  1.5000 ± 0.2500", lines.get(2));
        assertEquals(
                "the largest of 22 confusions (the whole matrix: --confusion FILE)", lines.get(12));
        assertEquals("class-1199  class-0        41       41.00 %", lines.get(14));
        assertEquals("class-7     class-8        40       40.00 %", lines.get(15));
        assertEquals("class-100   class-101       3        3.00 %", lines.get(16));
        assertEquals(24, lines.size(), "ten of each, with their heads");
    }

    @Test
    void aMatrixWiderThanTheTerminalIsNotShown() {
        String heading = "confusion matrix: a row per true class, a column per predicted class";
        int[] wrong = none(30);
        wrong[3] = 5;
        assertTrue(lines(200, "c", wrong).contains(heading));
        List<String> narrow = lines(80, "c", wrong);
        assertFalse(narrow.contains(heading), narrow.toString());
        assertTrue(narrow.contains("c3     c4              5        5.00 %"), narrow.toString());
        assertTrue(lines(80, "c", none(30)).contains("no image is taken for one of another class"));
    }

    @ParameterizedTest
    @CsvSource({"3,80", "3,200", "15,80", "30,80", "41,80", "500,80", "500,120"})
    void everyLineFitsTheTerminalWhateverTheNames(int classes, int width) {
        int[] wrong = none(classes);
        Arrays.fill(wrong, 17);
        for (String name :
                List.of(
                        "x",
                        "a name of many words that goes on and on, without an end, ",
                        "犬".repeat(50))) {
            for (String line : lines(width, name, wrong)) {
                assertTrue(Columns.width(line) <= width, Columns.width(line) + ": " + line);
            }
        }
    }
}
