package org.centerloss.peer;

import java.util.Map;
import org.centerloss.base.Resources;
import org.centerloss.bench.step.PlannedStep;
import org.centerloss.device.Device;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Program;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterLoss;
import org.centerloss.device.op.PairwiseRepulsion;
import org.centerloss.devices.Devices;

/** This program, on the CPU device. */
final class Centerloss implements Contender {
    private final Device device;

    Centerloss(int threads) {
        device = Devices.open("cpu", threads);
    }

    @Override
    public Task plan(Workload workload) {
        PlannedStep.Setting setting =
                new PlannedStep.Setting(
                        workload.batch(),
                        workload.features(),
                        Workload.CHANNELS,
                        Workload.SIDE,
                        Workload.SIDE,
                        "standalone");
        return switch (workload.kind()) {
            case TRAINING -> new Step(PlannedStep.training(device, setting));
            case EVALUATION -> new Step(PlannedStep.evaluation(device, setting));
            case LOSSES -> new Losses(device, workload);
        };
    }

    @Override
    public void close() {
        device.close();
    }

    private record Step(PlannedStep step) implements Task {
        @Override
        public void run() {
            step.run();
        }

        @Override
        public Map<String, Double> results() {
            return Map.of("parameters", (double) step.parameterCount());
        }

        @Override
        public void close() {
            step.close();
        }
    }

    private static final class Losses implements Task {
        private final Resources owned = new Resources();
        private final Tensor intra;
        private final Tensor inter;
        private final Tensor dx;
        private final Tensor dCenters;
        private final Program program;
        private final float[] value = new float[1];

        Losses(Device device, Workload workload) {
            int m = workload.batch();
            int d = workload.features();
            Tensor x = owned.add(device.tensor(m, d));
            x.write(workload.samples());
            IntTensor labels = owned.add(device.intTensor(m));
            labels.write(workload.labels());
            Tensor centers = owned.add(device.tensor(Workload.CLASSES, d));
            centers.write(workload.centers());
            intra = owned.add(device.tensor(1));
            inter = owned.add(device.tensor(1));
            dx = owned.add(device.tensor(m, d));
            dCenters = owned.add(device.tensor(Workload.CLASSES, d));
            CenterLoss centerLoss =
                    owned.add(
                            device.centerLoss(
                                    m, d, Workload.CLASSES, CenterLoss.Attraction.SQUARED));
            PairwiseRepulsion repulsion =
                    owned.add(
                            device.pairwiseRepulsion(
                                    m, d, PairwiseRepulsion.Potential.LOGARITHMIC));
            program =
                    owned.add(
                            device.record(
                                    () -> {
                                        dCenters.zero();
                                        centerLoss.forwardBackward(
                                                x, labels, centers, 1, false, intra, dx, dCenters);
                                        repulsion.forwardBackward(
                                                x, labels, -Workload.INTER_WEIGHT, true, inter, dx);
                                    }));
        }

        @Override
        public void run() {
            program.run();
            intra.read(value);
            inter.read(value);
        }

        @Override
        public Map<String, Double> results() {
            return Map.of(
                    "intra",
                    (double) intra.toFloats()[0],
                    "inter",
                    (double) inter.toFloats()[0],
                    "|dx|",
                    Contender.norm(dx.toFloats()),
                    "|dc|",
                    Contender.norm(dCenters.toFloats()));
        }

        @Override
        public void close() {
            owned.close();
        }
    }
}
