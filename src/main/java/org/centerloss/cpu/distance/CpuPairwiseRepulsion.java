package org.centerloss.cpu.distance;

import java.util.function.IntConsumer;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.cpu.runtime.CpuOp;
import org.centerloss.cpu.runtime.CpuTensor;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.PairwiseRepulsion;

/**
 * Pairwise repulsion in O(m·d) memory. Samples are sorted by class, so a sample's own class is one
 * range of columns, and whole tiles of it are skipped; {@link PairwiseTile}s of columns run in
 * parallel. Sums have the same order, and the same bits, for any number of threads.
 */
public final class CpuPairwiseRepulsion extends CpuOp implements PairwiseRepulsion {
    private final int samples;
    private final int features;
    private final SamplesByClass order;

    /** The samples in label order [m, features], both dimensions padded with zeros. */
    private final float[] rows;

    private final PairwiseTile[] tiles;
    private final IntConsumer loadTile = this::loadTile;
    private final IntConsumer runTile = this::runTile;

    // The arguments of the run in progress.
    private CpuTensor x;
    private CpuTensor result;
    private CpuTensor dx;
    private double factor;
    private boolean accumulate;

    public CpuPairwiseRepulsion(CpuDevice device, int samples, int features, Potential potential) {
        super(device, "pairwise repulsion [%d, %d]".formatted(samples, features));
        this.samples = samples;
        this.features = features;
        order = new SamplesByClass(samples);
        int paddedSamples =
                (samples + PairwiseTile.ROWS - 1) / PairwiseTile.ROWS * PairwiseTile.ROWS;
        rows = new float[Math.multiplyExact(paddedSamples, DistanceLoops.paddedFeatures(features))];
        int columns = DistanceLoops.tileColumns(samples);
        tiles = new PairwiseTile[(samples + columns - 1) / columns];
        holds(SamplesByClass.bytes(samples) + (long) Float.BYTES * rows.length);
        for (int t = 0; t < tiles.length; t++) {
            int start = t * columns;
            int width = Math.min(columns, samples - start);
            tiles[t] = new PairwiseTile(start, width, features, potential);
            holds(tiles[t].bytes());
        }
    }

    @Override
    public void forward(Tensor points, IntTensor labels, Tensor value) {
        run(points, labels, plain(value, "value", 1), null, 0, false);
    }

    @Override
    public void forwardBackward(
            Tensor points,
            IntTensor labels,
            double scale,
            boolean accumulate,
            Tensor value,
            Tensor gradient) {
        CpuTensor result = plain(value, "value", 1);
        run(points, labels, result, plain(gradient, "dx", samples, features), scale, accumulate);
    }

    @Override
    public void backward(
            Tensor points, IntTensor labels, double scale, boolean accumulate, Tensor gradient) {
        run(points, labels, null, plain(gradient, "dx", samples, features), scale, accumulate);
    }

    private void run(
            Tensor points,
            IntTensor labels,
            CpuTensor value,
            CpuTensor gradient,
            double scale,
            boolean accumulateGradient) {
        checkOpen();
        x = plain(points, "x", samples, features);
        int[] classOf = integers(labels, "labels", samples);
        result = value;
        dx = gradient;
        factor = scale * 4 / samples;
        accumulate = accumulateGradient;
        order.sort(classOf);
        device.threads().run(tiles.length, loadTile);
        device.threads().run(tiles.length, runTile);
        if (result == null) {
            return;
        }
        double sum = 0;
        for (PairwiseTile tile : tiles) {
            sum += tile.sum();
        }
        result.buffer().put(0, (float) (sum / samples));
    }

    private void loadTile(int tile) {
        tiles[tile].load(x, order, rows);
    }

    private void runTile(int tile) {
        tiles[tile].run(rows, order, result != null, dx != null);
        if (dx != null) {
            tiles[tile].store(order, factor, accumulate, dx);
        }
    }
}
