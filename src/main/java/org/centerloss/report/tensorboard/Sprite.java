package org.centerloss.report.tensorboard;

import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import org.centerloss.data.ImageSet;

/**
 * Images beside one another in one, row by row, as TensorBoard's projector wants them: a grid with
 * as many columns as rows, since the projector reckons with that. Places that are left over are
 * black.
 *
 * @param image the grid
 * @param tileWidth columns of pixels of one image in it
 * @param tileHeight rows of pixels of one image in it
 */
record Sprite(BufferedImage image, int tileWidth, int tileHeight) {
    /** Larger images are shrunk. 128 × 128 of this size are 8192 pixels, the most that is read. */
    private static final int LARGEST_TILE = 64;

    /**
     * Draws some images of a set.
     *
     * @param chosen their indices, at most 128 × 128
     */
    static Sprite of(ImageSet images, int[] chosen) {
        int scaleX = ceilingOfQuotient(images.width(), LARGEST_TILE);
        int scaleY = ceilingOfQuotient(images.height(), LARGEST_TILE);
        int tileWidth = images.width() / scaleX;
        int tileHeight = images.height() / scaleY;
        int side = (int) Math.ceil(Math.sqrt(chosen.length));
        int type =
                images.channels() == 1
                        ? BufferedImage.TYPE_BYTE_GRAY
                        : BufferedImage.TYPE_3BYTE_BGR;
        BufferedImage grid = new BufferedImage(side * tileWidth, side * tileHeight, type);
        WritableRaster raster = grid.getRaster();
        int[] plane = new int[tileWidth * tileHeight];
        for (int i = 0; i < chosen.length; i++) {
            int x = i % side * tileWidth;
            int y = i / side * tileHeight;
            for (int channel = 0; channel < images.channels(); channel++) {
                shrink(images, chosen[i], channel, scaleX, scaleY, tileWidth, plane);
                raster.setSamples(x, y, tileWidth, tileHeight, channel, plane);
            }
        }
        return new Sprite(grid, tileWidth, tileHeight);
    }

    private static int ceilingOfQuotient(int a, int b) {
        return (a + b - 1) / b;
    }

    /** The means of scaleY × scaleX pixels each, of one channel of an image. */
    private static void shrink(
            ImageSet images,
            int index,
            int channel,
            int scaleX,
            int scaleY,
            int tileWidth,
            int[] plane) {
        int width = images.width();
        int from = (index * images.channels() + channel) * images.height() * width;
        for (int i = 0; i < plane.length; i++) {
            int corner = from + i / tileWidth * scaleY * width + i % tileWidth * scaleX;
            int sum = 0;
            for (int row = 0; row < scaleY; row++) {
                for (int column = 0; column < scaleX; column++) {
                    sum += images.pixels()[corner + row * width + column] & 0xff;
                }
            }
            plane[i] = Math.round((float) sum / (scaleX * scaleY));
        }
    }
}
