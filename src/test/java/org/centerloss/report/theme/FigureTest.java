package org.centerloss.report.theme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Dimension;
import java.awt.FontMetrics;
import java.awt.image.BufferedImage;
import java.util.List;
import org.junit.jupiter.api.Test;

class FigureTest {
    private static final String LONG = "a heading that is longer than its only cell is wide";

    private static FontMetrics metrics() {
        return new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB)
                .createGraphics()
                .getFontMetrics(Theme.TEXT);
    }

    @Test
    void longTextWidensIt() {
        Dimension cell = new Dimension(50, 30);
        int narrow = new Figure(Theme.LIGHT, "x", 1, cell).image(1).getWidth();
        assertTrue(new Figure(Theme.LIGHT, LONG, 1, cell).image(1).getWidth() > 500);
        assertTrue(
                new Figure(Theme.LIGHT, "x", 1, cell).remark(LONG).image(1).getWidth()
                        > metrics().stringWidth(LONG));
        assertEquals(70, narrow);
    }

    @Test
    void cellsStandInRowsOfTheColumnsThatWereAskedFor() {
        Figure figure = new Figure(Theme.DARK, "x", 2, new Dimension(100, 40));
        int empty = figure.image(1).getHeight();
        for (int i = 0; i < 3; i++) {
            figure.add(
                    "",
                    (graphics, area) -> {
                        graphics.setColor(Theme.DARK.line(1));
                        graphics.fill(area);
                    });
        }
        BufferedImage image = figure.image(1);
        assertEquals(220, image.getWidth());
        assertEquals(empty + 80, image.getHeight());
        int bottom = image.getHeight() - 15;
        assertEquals(Theme.DARK.line(1).getRGB(), image.getRGB(60, bottom), "third, below first");
        assertEquals(Theme.DARK.background().getRGB(), image.getRGB(160, bottom), "no fourth");
        assertEquals(Theme.DARK.line(1).getRGB(), image.getRGB(160, bottom - 40), "second");
    }

    @Test
    void aPictureHasTwiceThePixelsUnlessItIsLargeAnyway() {
        Dimension cell = new Dimension(300, 40);
        Picture usual = new Figure(Theme.LIGHT, "x", 1, cell).picture("a", "b", "c.");
        assertEquals(List.of(640, 2), List.of(usual.width(), usual.scale()));
        Picture large = new Figure(Theme.LIGHT, "x", 10, cell).picture("a", "b", "c.");
        assertEquals(List.of(3020, 1), List.of(large.width(), large.scale()));
    }

    @Test
    void textIsCutWhereItsPlaceEndsAndNotWithinACharacter() {
        FontMetrics metrics = metrics();
        assertEquals("short", Figure.fitting("short", metrics, 1000));
        String cut = Figure.fitting(LONG, metrics, 100);
        assertTrue(cut.endsWith("…") && metrics.stringWidth(cut) <= 100, cut);
        assertEquals("…", Figure.fitting("😀😀😀", metrics, metrics.stringWidth("…")));
    }
}
