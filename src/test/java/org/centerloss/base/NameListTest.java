package org.centerloss.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NameListTest {
    @Test
    void fewNamesAreAllThere() {
        assertEquals("a, b, c", NameList.of(List.of("a", "b", "c")));
        assertEquals("", NameList.of(List.of()));
    }

    @Test
    void manyOrLongNamesMakeNoLongMessage() {
        List<String> names =
                IntStream.range(0, 1200).mapToObj(i -> i + " " + "x".repeat(200)).toList();
        String list = NameList.of(names);
        assertTrue(list.endsWith(", … and 1190 more"), list);
        assertTrue(list.length() < 1000, list);
    }
}
