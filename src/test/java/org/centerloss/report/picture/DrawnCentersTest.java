package org.centerloss.report.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.stream.IntStream;
import org.centerloss.evaluate.Embeddings;
import org.centerloss.report.page.ExampleRun;
import org.centerloss.report.theme.Figure;
import org.centerloss.report.theme.Picture;
import org.centerloss.report.theme.Projection;
import org.centerloss.report.theme.SvgTest;
import org.centerloss.report.theme.Theme;
import org.centerloss.report.theme.Viewport;
import org.centerloss.train.TrainingConfig;
import org.junit.jupiter.api.Test;

class DrawnCentersTest {
    private static Snapshot snapshot(int classes, float[] others) {
        List<String> names = IntStream.range(0, classes).mapToObj(c -> "class " + c).toList();
        Embeddings one = new Embeddings(2, new float[] {9, 9}, new int[1], new int[1]);
        return new Snapshot(1, names, one, one, new float[2 * classes], others);
    }

    private static DrawnCenters centers(String loss, Snapshot snapshot) {
        TrainingConfig config = ExampleRun.config(loss, "mnist", 2, 3);
        return DrawnCenters.of(config, snapshot, Projection.of(snapshot).orElseThrow());
    }

    @Test
    void trainedCentersHaveTheMeansOfTheirClassesBesideThem() {
        DrawnCenters centers = centers("standalone", snapshot(2, new float[] {3, 4, 5, 6}));
        assertArrayEquals(new double[][] {{0, 0}, {0, 0}}, centers.centers());
        assertArrayEquals(new double[][] {{3, 5}, {4, 6}}, centers.others());
        assertEquals(
                "Large marks are the trained centers; a line leads from each to a small hollow mark, the mean of the class in the sample of the training images.",
                centers.caption());
        Viewport window = centers.in(new Viewport(-1, 1, -1, 1));
        assertTrue(window.right() > 5 && window.top() > 6, "the means are seen: " + window);
    }

    @Test
    void oneKindStandsAloneWhereThereIsNoOtherOrToldApartItCannotBe() {
        assertNull(centers("standalone", snapshot(2, null)).others(), "an older version's file");
        DrawnCenters many = centers("standalone", snapshot(41, new float[82]));
        assertNull(many.others());
        assertEquals(
                "Large marks are the trained centers, with names where there is room.",
                many.caption());
        DrawnCenters means = centers("xent", snapshot(2, new float[4]));
        assertNull(means.others(), "none are trained");
        assertEquals("Large marks are the class means.", means.caption());
    }

    @Test
    void bothKindsAndTheLineBetweenThemAreDrawnAndInTheLegend() {
        DrawnCenters centers = centers("standalone", snapshot(1, new float[] {4, 0}));
        Dimension size = new Dimension(500, 400);
        Viewport window = new Viewport(-2, 6, -3, 3);
        Figure figure =
                new Figure(Theme.LIGHT, "x", 1, size)
                        .add(
                                "",
                                FeatureChart.of(
                                        Theme.LIGHT,
                                        new double[][] {{}, {}},
                                        new int[0],
                                        centers,
                                        new String[] {"a", "b"},
                                        window,
                                        size));
        centers.addLegend(figure, Theme.LIGHT);
        Picture picture = figure.picture("a", "b", "c.");
        assertTrue(
                SvgTest.texts(picture.svg().get())
                        .containsAll(List.of("class 0", "trained centers", "class means")));
        BufferedImage image = figure.image(1);
        Viewport shown = window.withAspect(Theme.dataWidth(500), Theme.dataHeight(400));
        double unit = Theme.dataWidth(500) / (shown.right() - shown.left());
        // A sheet's margin, then the chart's.
        int center = (int) Math.round(10 + 96 - shown.left() * unit);
        int mean = (int) Math.round(center + 4 * unit);
        int row = row(image, center);
        assertEquals(Theme.LIGHT.classColor(0).getRGB(), image.getRGB(center, row), "filled");
        assertEquals(Theme.LIGHT.background().getRGB(), image.getRGB(mean, row), "hollow");
        assertTrue(luminance(image.getRGB((center + mean) / 2, row)) < 100, "a line");
    }

    /** The middle of the run of class colour in a column of the image. */
    private static int row(BufferedImage image, int x) {
        int[] rows =
                IntStream.range(0, 400)
                        .filter(y -> image.getRGB(x, y) == Theme.LIGHT.classColor(0).getRGB())
                        .toArray();
        return rows[rows.length / 2];
    }

    private static int luminance(int rgb) {
        return ((rgb >> 16 & 0xFF) + (rgb >> 8 & 0xFF) + (rgb & 0xFF)) / 3;
    }
}
