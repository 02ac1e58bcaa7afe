package org.centerloss.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpreadsheetCellTest {
    private static final List<String> FORMULAS =
            List.of("=1+1", "+x", "-x", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''@x");

    @Test
    void aNameThatASpreadsheetWouldRunGetsAnApostrophe() {
        Set<String> cells = new HashSet<>();
        for (String name : FORMULAS) {
            String cell = SpreadsheetCell.of(name);
            assertEquals("'" + name, cell);
            assertEquals(name, SpreadsheetCell.name(cell));
            cells.add(cell);
        }
        assertEquals(FORMULAS.size(), cells.size());
    }

    @Test
    void otherNamesStay() {
        for (String name : List.of("", "cat", "a=b", "1-2", "'s", " =x", "猫")) {
            assertEquals(name, SpreadsheetCell.of(name));
            assertEquals(name, SpreadsheetCell.name(name));
        }
        assertNull(SpreadsheetCell.of((String) null));
    }

    @Test
    void aPathLeadsToTheSameFile() {
        for (String name : List.of("=1.png", "-x/y.png", "@eaDir/z.png")) {
            String cell = SpreadsheetCell.of(Path.of(name));
            assertFalse(cell.matches("[=+@-].*"), cell);
            assertEquals(Path.of(name), Path.of(cell).normalize());
        }
        assertEquals("photos/=1.png", SpreadsheetCell.of(Path.of("photos/=1.png")));
    }
}
