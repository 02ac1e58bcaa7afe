package org.centerloss.cpu.distance;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.IntConsumer;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.NearestCenter;

/**
 * Nearest center by direct differences: tiles of centers in parallel, then samples in parallel.
 *
 * <p>Among many centers the search is in float32, and the distance of the winner is computed anew
 * in double. Where float32 cannot rank the distances, because they overflow or vanish, and where
 * there are too few centers to fill a tile, all distances are in double. A distance that is not a
 * number is never the nearest; class 0 is predicted where all are.
 */
public final class CpuNearestCenter extends CpuOp implements NearestCenter {
    /** Squared distances below are near the end of float32's range and lose digits. */
    private static final float SMALLEST_RANKED = 1e-30f;

    private final int samples;
    private final int features;
    private final int paddedFeatures;
    private final int classes;
    private final int columns;

    /** The samples [m, padded features]. */
    private final float[] rows;

    private final Tile[] tiles;

    /** All centers where they are too few for tiles, else one for each task. */
    private final float[][] center;

    private final int tasks;

    private final IntConsumer searchTile = this::searchTile;
    private final IntConsumer choose = this::choose;

    // The arguments of the run in progress.
    private FloatBuffer centers;
    private int[] prediction;
    private FloatBuffer squaredDistance;

    public CpuNearestCenter(CpuDevice device, int samples, int features, int classes) {
        super(device, "nearest center [%d, %d], %d classes".formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        paddedFeatures = DistanceLoops.paddedFeatures(features);
        rows = new float[Math.multiplyExact(samples, paddedFeatures)];
        int widest = DistanceLoops.tileColumns(classes);
        tiles = new Tile[classes < widest ? 0 : (classes + widest - 1) / widest];
        // Tiles of like size.
        columns = tiles.length == 0 ? 0 : (classes + tiles.length - 1) / tiles.length;
        for (int t = 0; t < tiles.length; t++) {
            tiles[t] = new Tile(Math.min(columns, classes - t * columns));
            holds(tiles[t].bytes());
        }
        tasks =
                device.threads()
                        .tasks(
                                samples,
                                2L * samples * (features + 4) * (tiles.length == 0 ? classes : 1));
        center = tiles.length == 0 ? new float[1][classes * features] : new float[tasks][features];
        holds((long) Float.BYTES * (rows.length + (long) center.length * center[0].length));
    }

    /** A run of neighbouring centers, transposed, and what was found among them. */
    private final class Tile {
        final float[][] x;
        final float[][] distances;
        final float[] oneCenter = new float[features];
        final float[] smallest = new float[samples];
        final int[] nearest = new int[samples];

        final int width;

        Tile(int width) {
            this.width = width;
            x = DistanceLoops.columnArrays(paddedFeatures, width);
            distances = DistanceLoops.columnArrays(2, width);
        }

        long bytes() {
            long floats = (paddedFeatures + 2L) * distances[0].length + features;
            return Float.BYTES * (floats + 2L * samples);
        }
    }

    @Override
    public void forward(Tensor x, Tensor c, IntTensor out, Tensor distance) {
        checkOpen();
        CpuTensor points = plain(x, "x", samples, features);
        centers = plain(c, "centers", classes, features).buffer();
        prediction = integers(out, "prediction", samples);
        squaredDistance = plain(distance, "squaredDistance", samples).buffer();
        if (paddedFeatures == features) {
            points.buffer().get(0, rows);
        } else {
            for (int i = 0; i < samples; i++) {
                points.buffer().get(i * features, rows, i * paddedFeatures, features);
            }
        }
        if (tiles.length == 0) {
            centers.get(0, center[0]);
        }
        device.threads().run(tiles.length, searchTile);
        device.threads().run(tasks, choose);
    }

    private void searchTile(int number) {
        Tile tile = tiles[number];
        int width = tile.width;
        int first = number * columns;
        for (int j = 0; j < width; j++) {
            centers.get((first + j) * features, tile.oneCenter);
            for (int k = 0; k < features; k++) {
                tile.x[k][j] = tile.oneCenter[k];
            }
        }
        for (int i = 0; i < samples; i += 2) {
            // The last of an odd number of samples is worked on twice.
            int other = Math.min(i + 1, samples - 1);
            Arrays.fill(tile.distances[0], 0f);
            Arrays.fill(tile.distances[1], 0f);
            for (int k = 0; k < paddedFeatures; k += 2) {
                DistanceLoops.addSquares(
                        tile.x[k],
                        tile.x[k + 1],
                        rows,
                        i * paddedFeatures + k,
                        other * paddedFeatures + k,
                        tile.distances[0],
                        tile.distances[1]);
            }
            findSmallest(tile, first, tile.distances[0], i);
            findSmallest(tile, first, tile.distances[1], other);
        }
    }

    private static void findSmallest(Tile tile, int first, float[] distances, int sample) {
        float smallest = Float.POSITIVE_INFINITY;
        int nearest = 0;
        for (int j = 0; j < tile.width; j++) {
            if (distances[j] < smallest) {
                smallest = distances[j];
                nearest = first + j;
            }
        }
        tile.smallest[sample] = smallest;
        tile.nearest[sample] = nearest;
    }

    private void choose(int task) {
        int end = (int) ((task + 1L) * samples / tasks);
        for (int i = (int) ((long) task * samples / tasks); i < end; i++) {
            int nearest = nearestInFloat(i);
            boolean ranked =
                    nearest >= 0
                            && (smallestInFloat(i, nearest) >= SMALLEST_RANKED
                                    || squaredDistance(i, nearest, task) == 0);
            prediction[i] = ranked ? nearest : nearestInDouble(i, task);
            double distance = squaredDistance(i, prediction[i], task);
            squaredDistance.put(i, (float) distance);
        }
    }

    private float smallestInFloat(int i, int nearest) {
        return tiles[nearest / columns].smallest[i];
    }

    /** The nearest center, or −1 where there are no tiles or no finite distance in float32. */
    private int nearestInFloat(int i) {
        float smallest = Float.POSITIVE_INFINITY;
        int nearest = -1;
        for (Tile tile : tiles) {
            if (tile.smallest[i] < smallest) {
                smallest = tile.smallest[i];
                nearest = tile.nearest[i];
            }
        }
        return nearest;
    }

    private int nearestInDouble(int i, int task) {
        double smallest = Double.POSITIVE_INFINITY;
        int nearest = 0;
        for (int j = 0; j < classes; j++) {
            double distance = squaredDistance(i, j, task);
            if (distance < smallest) {
                smallest = distance;
                nearest = j;
            }
        }
        return nearest;
    }

    private double squaredDistance(int i, int j, int task) {
        if (tiles.length == 0) {
            return DistanceLoops.squaredDistance(
                    rows, i * paddedFeatures, center[0], j * features, features);
        }
        centers.get(j * features, center[task]);
        return DistanceLoops.squaredDistance(rows, i * paddedFeatures, center[task], 0, features);
    }
}
