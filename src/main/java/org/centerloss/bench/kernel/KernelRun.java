package org.centerloss.bench.kernel;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.centerloss.base.Resources;
import org.centerloss.baseline.Variant;
import org.centerloss.bench.Pass;
import org.centerloss.device.Device;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Program;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterLoss;
import org.centerloss.device.op.CenterUpdate;
import org.centerloss.device.op.NearestCenter;
import org.centerloss.device.op.PairwiseRepulsion;
import org.centerloss.verify.Tolerance;

/** One operation in one variant on a device, with its arguments and a program for each pass. */
final class KernelRun implements AutoCloseable {
    private static final double ALPHA = 0.5;
    private static final Set<Pass> VALUE = EnumSet.of(Pass.FORWARD, Pass.BOTH);
    private static final Set<Pass> GRADIENT = EnumSet.of(Pass.BACKWARD, Pass.BOTH);

    /** What a pass has written, and how exact it has to be. */
    record Output(double[] values, Tolerance tolerance) {}

    /**
     * @param reset sets the tensor to what it must be before a pass: to NaN where it is overwritten
     */
    private record Result(
            Tensor tensor, Set<Pass> writtenBy, Tolerance tolerance, Runnable reset) {}

    /**
     * How much more rounding there is in a matrix product of whole rows: its sums run over every
     * sample or class, and a gradient is the difference of two of them.
     */
    private static final double PRODUCT_SLACK = 4;

    private final Device device;
    private final Variant variant;
    private final KernelInputs inputs;
    private final Resources owned = new Resources();
    private final Map<Pass, Program> programs = new LinkedHashMap<>();

    private final Map<String, Result> results = new LinkedHashMap<>();

    private final Tensor x;
    private final IntTensor labels;
    private final Tensor centers;

    /** Null but for the operation that predicts. */
    private IntTensor prediction;

    private long extraBytes;

    /**
     * Plans the operation; where that fails, nothing is left open.
     *
     * @param device the view that computes in the variant's way
     */
    KernelRun(Device device, Variant variant, KernelOp op, KernelInputs inputs) {
        this.device = device;
        this.variant = variant;
        this.inputs = inputs;
        try {
            KernelShape shape = inputs.shape();
            x = tensor(shape.batch(), shape.features());
            x.write(inputs.x());
            labels = owned.add(device.intTensor(shape.batch()));
            labels.write(inputs.labels());
            centers = tensor(shape.classes(), shape.features());
            centers.write(inputs.centers());
            plan(op, shape);
        } catch (RuntimeException | Error e) {
            closeAfter(e);
            throw e;
        }
    }

    private void closeAfter(Throwable failure) {
        try {
            close();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private Tensor tensor(int... shape) {
        return owned.add(device.tensor(shape));
    }

    private Tensor result(String name, Set<Pass> passes, Tolerance tolerance, int... shape) {
        Tensor tensor = tensor(shape);
        float[] nothing = new float[Math.toIntExact(tensor.size())];
        Arrays.fill(nothing, Float.NaN);
        addResult(name, passes, tolerance, tensor, () -> tensor.write(nothing));
        return tensor;
    }

    private void addResult(
            String name, Set<Pass> passes, Tolerance tolerance, Tensor tensor, Runnable reset) {
        Tolerance held =
                variant == Variant.COMPOSED
                        ? tolerance.withRelative(PRODUCT_SLACK * tolerance.relative())
                        : tolerance;
        results.put(name, new Result(tensor, passes, held, reset));
    }

    private void plan(KernelOp op, KernelShape shape) {
        int m = shape.batch();
        int d = shape.features();
        int c = shape.classes();
        switch (op) {
            case CENTER_LOSS:
                planCenterLoss(m, d, c);
                break;
            case PAIRWISE_REPULSION:
                planRepulsion(m, d);
                break;
            case CENTER_UPDATE:
                addResult(
                        "centers",
                        VALUE,
                        Tolerance.sum(m).withTerms(1),
                        centers,
                        () -> centers.write(inputs.centers()));
                long before = device.liveBytes();
                CenterUpdate update = owned.add(device.centerUpdate(m, d, c, ALPHA));
                record(before, Pass.FORWARD, () -> update.update(x, labels, centers));
                break;
            case NEAREST_CENTER:
                planNearest(m, d, c);
                break;
            default:
                throw new IllegalArgumentException("no run of " + op);
        }
    }

    private void planCenterLoss(int m, int d, int c) {
        Tensor loss = result("loss", VALUE, Tolerance.sum((long) m * d), 1);
        Tensor dx = result("dx", GRADIENT, Tolerance.sum(d).withTerms(1), m, d);
        Tensor dCenters = tensor(c, d);
        Tolerance tolerance = Tolerance.sum(m).withTerms(1);
        addResult("dCenters", GRADIENT, tolerance, dCenters, dCenters::zero);
        long before = device.liveBytes();
        CenterLoss op = owned.add(device.centerLoss(m, d, c, CenterLoss.Attraction.SQUARED));
        record(before, Pass.FORWARD, () -> op.forward(x, labels, centers, loss));
        record(
                before,
                Pass.BACKWARD,
                () -> op.backward(x, labels, centers, 1, false, dx, dCenters));
        record(
                before,
                Pass.BOTH,
                () -> op.forwardBackward(x, labels, centers, 1, false, loss, dx, dCenters));
    }

    private void planRepulsion(int m, int d) {
        Tensor value = result("value", VALUE, Tolerance.sum((long) m * d), 1);
        Tensor dx = result("dx", GRADIENT, Tolerance.sum(m + d), m, d);
        long before = device.liveBytes();
        PairwiseRepulsion op =
                owned.add(device.pairwiseRepulsion(m, d, PairwiseRepulsion.Potential.LOGARITHMIC));
        record(before, Pass.FORWARD, () -> op.forward(x, labels, value));
        record(before, Pass.BACKWARD, () -> op.backward(x, labels, 1, false, dx));
        record(before, Pass.BOTH, () -> op.forwardBackward(x, labels, 1, false, value, dx));
    }

    private void planNearest(int m, int d, int c) {
        Tensor squaredDistance = result("squaredDistance", VALUE, distanceTolerance(), m);
        prediction = owned.add(device.intTensor(m));
        long before = device.liveBytes();
        NearestCenter op = owned.add(device.nearestCenter(m, d, c));
        record(before, Pass.FORWARD, () -> op.forward(x, centers, prediction, squaredDistance));
    }

    /** A product of rows gives a distance as the difference of squares that may be much larger. */
    private Tolerance distanceTolerance() {
        Tolerance direct = Tolerance.sum(inputs.shape().features());
        return variant == Variant.COMPOSED ? direct.withTerms(inputs.largestSquares()) : direct;
    }

    private void record(long bytesBefore, Pass pass, Runnable body) {
        extraBytes = device.liveBytes() - bytesBefore;
        programs.put(pass, owned.add(device.record(body)));
    }

    Program program(Pass pass) {
        return programs.get(pass);
    }

    /** The memory that the operation holds beside its arguments and results. */
    long extraBytes() {
        return extraBytes;
    }

    /**
     * Runs a pass once, on results that were spoiled before, and returns what it wrote. What is
     * predicted comes as the distance to the center that was predicted, since rounding decides
     * between centers that are equally near.
     */
    Map<String, Output> outputs(Pass pass) {
        results.values().forEach(result -> result.reset().run());
        if (prediction != null) {
            int[] nothing = new int[prediction.size()];
            Arrays.fill(nothing, -1);
            prediction.write(nothing);
        }
        program(pass).run();
        device.synchronize();
        Map<String, Output> outputs = new LinkedHashMap<>();
        results.forEach(
                (name, result) -> {
                    if (result.writtenBy().contains(pass)) {
                        double[] values = result.tensor().toDoubles();
                        outputs.put(name, new Output(values, result.tolerance()));
                    }
                });
        if (prediction != null) {
            outputs.put(
                    "distance to the prediction",
                    new Output(distances(prediction.toInts()), distanceTolerance()));
        }
        return outputs;
    }

    private double[] distances(int[] predicted) {
        double[] distances = new double[predicted.length];
        int classes = inputs.shape().classes();
        Arrays.setAll(
                distances,
                i ->
                        predicted[i] >= 0 && predicted[i] < classes
                                ? inputs.squaredDistance(i, predicted[i])
                                : Double.NaN);
        return distances;
    }

    @Override
    public void close() {
        owned.close();
    }
}
