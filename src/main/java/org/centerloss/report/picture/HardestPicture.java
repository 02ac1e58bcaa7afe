package org.centerloss.report.picture;

import java.awt.Dimension;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Locale;
import org.centerloss.data.ImageSet;
import org.centerloss.report.page.RunResults;
import org.centerloss.report.theme.Figure;
import org.centerloss.report.theme.Picture;
import org.centerloss.report.theme.Theme;

/** The hardest test images, with what they are and what they were taken for. */
final class HardestPicture {
    private static final int COLUMNS = 6;
    private static final int SMALLEST_IMAGE = 140;
    private static final int LARGEST_IMAGE = 240;
    private static final int TEXT_HEIGHT = 80;
    private static final Font NAME = Theme.TEXT.deriveFont(Font.BOLD, 15f);
    private static final Font NUMBERS = Theme.TEXT.deriveFont(14f);

    private HardestPicture() {}

    static Picture draw(
            Theme theme,
            RunResults run,
            Snapshot snapshot,
            SampleDistances distances,
            HardestSamples hardest) {
        ImageSet images = hardest.images();
        double scale = scale(Math.max(images.width(), images.height()));
        Dimension image =
                new Dimension(
                        Math.max(1, (int) Math.round(scale * images.width())),
                        Math.max(1, (int) Math.round(scale * images.height())));
        Dimension cell = new Dimension(Math.max(180, image.width + 24), image.height + TEXT_HEIGHT);
        Figure figure =
                new Figure(
                        theme,
                        "The hardest %s, epoch %d".formatted(run.images(), snapshot.epoch()),
                        COLUMNS,
                        cell);
        figure.subheading(
                RunPictures.about(run)
                        + "; true class, → predicted class, distance to own | nearest other center");
        for (int i = 0; i < images.count(); i++) {
            int sample = hardest.indices()[i];
            BufferedImage pixels = image(images, i);
            figure.add(
                    "",
                    (graphics, area) ->
                            tile(
                                    graphics, area, theme, snapshot, distances, sample, pixels,
                                    image));
        }
        return figure.picture(
                "hardest",
                "Hardest " + run.images(),
                "The %d %s that lie farthest beyond the middle between the center of their own class and the nearest other one at the best epoch, %d, hardest first: true class, predicted class, distance to the own and to the nearest other center."
                        .formatted(images.count(), run.images(), snapshot.epoch()));
    }

    /** Whole multiples where small images are made larger, so that every pixel is a square. */
    private static double scale(int side) {
        return side >= LARGEST_IMAGE
                ? (double) LARGEST_IMAGE / side
                : Math.max(1, Math.round((double) SMALLEST_IMAGE / side));
    }

    private static void tile(
            Graphics2D graphics,
            Rectangle2D area,
            Theme theme,
            Snapshot snapshot,
            SampleDistances distances,
            int sample,
            BufferedImage pixels,
            Dimension image) {
        int x = (int) area.getX() + 10;
        int y = (int) area.getY() + 12;
        boolean larger = image.width > pixels.getWidth();
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION,
                larger
                        ? RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR
                        : RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(pixels, x, y, image.width, image.height, null);
        graphics.setColor(theme.grid());
        graphics.drawRect(x - 1, y - 1, image.width + 1, image.height + 1);
        int label = snapshot.test().labels()[sample];
        int prediction = snapshot.test().predictions()[sample];
        double room = area.getWidth() - 18;
        int line = y + image.height + 20;
        graphics.setFont(NAME);
        FontMetrics metrics = graphics.getFontMetrics();
        graphics.setColor(theme.ink());
        graphics.drawString(Figure.fitting(snapshot.classes().get(label), metrics, room), x, line);
        graphics.setColor(label == prediction ? theme.softInk() : theme.line(1));
        String taken = "→ " + snapshot.classes().get(prediction);
        graphics.drawString(Figure.fitting(taken, metrics, room), x, line + 21);
        graphics.setFont(NUMBERS);
        graphics.setColor(theme.softInk());
        graphics.drawString(
                String.format(
                        Locale.ROOT,
                        "%.2f | %.2f",
                        distances.own()[sample],
                        distances.foreign()[sample]),
                x,
                line + 41);
    }

    /** One image of a set; one channel is grey, the first three of more are red, green, blue. */
    static BufferedImage image(ImageSet set, int index) {
        int projection = set.height() * set.width();
        int start = index * set.channels() * projection;
        BufferedImage image =
                new BufferedImage(set.width(), set.height(), BufferedImage.TYPE_INT_RGB);
        for (int p = 0; p < projection; p++) {
            int rgb = 0;
            for (int c = 0; c < 3; c++) {
                int channel = set.channels() < 3 ? 0 : c;
                rgb = rgb << 8 | set.pixels()[start + channel * projection + p] & 0xFF;
            }
            image.setRGB(p % set.width(), p / set.width(), rgb);
        }
        return image;
    }
}
