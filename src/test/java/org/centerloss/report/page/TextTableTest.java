package org.centerloss.report.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTableTest {
    private static final TextTable TABLE =
            new TextTable(
                    List.of("name", "accuracy"),
                    List.of(List.of("a|b, \"c\"", "91.30 %"), List.of("d", TextTable.NONE)));

    @Test
    void numbersStandAtTheRight() {
        assertEquals(
                List.of("name      accuracy", "a|b, \"c\"   91.30 %", "d                –"),
                TABLE.lines(80, List.of()));
    }

    @Test
    void whatCanBeSparedIsLeftOutWhereTheTerminalIsNarrow() {
        List<String> spare = List.of("accuracy", "name");
        assertEquals(TABLE.lines(80, List.of()), TABLE.lines(18, spare));
        assertEquals(List.of("name", "a|b, \"c\"", "d"), TABLE.lines(17, spare));
    }

    @Test
    void markdownEscapesItsOwnSign() {
        assertEquals(
                """
                | name | accuracy |
                | --- | ---: |
                | a\\|b, "c" | 91.30 % |
                | d | – |
                """,
                TABLE.markdown());
    }

    @Test
    void csvQuotes(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("table.csv");
        TABLE.writeCsv(file);
        assertEquals("name,accuracy\n\"a|b, \"\"c\"\"\",91.30 %\nd,–\n", Files.readString(file));
    }
}
