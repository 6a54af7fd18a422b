// The OTLP receiver of the OpenTelemetry Collector, without the rest of it: listens for OTLP over HTTP, and writes what it
// received to standard output, a line of OTLP JSON for each request. The whole collector takes minutes to build.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	noopmetric "go.opentelemetry.io/otel/metric/noop"
	nooptrace "go.opentelemetry.io/otel/trace/noop"
	"go.uber.org/zap"
)

// Of go.mod.
const version = "0.158.0"

type host struct{}

func (host) GetExtensions() map[component.ID]component.Component { return nil }

func main() {
	endpoint := flag.String("endpoint", "127.0.0.1:4318", "where to listen for OTLP over HTTP")
	showVersion := flag.Bool("version", false, "print the version of the receiver")
	flag.Parse()
	if *showVersion {
		fmt.Println("otlpreceiver", version)
		return
	}
	if err := run(*endpoint); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(endpoint string) error {
	factory := otlpreceiver.NewFactory()
	config := factory.CreateDefaultConfig()
	settings := confmap.NewFromStringMap(map[string]any{
		"protocols": map[string]any{"http": map[string]any{"endpoint": endpoint}},
	})
	if err := settings.Unmarshal(config); err != nil {
		return err
	}
	var lock sync.Mutex
	marshaler := pmetric.JSONMarshaler{}
	next, err := consumer.NewMetrics(func(_ context.Context, metrics pmetric.Metrics) error {
		line, err := marshaler.MarshalMetrics(metrics)
		if err != nil {
			return err
		}
		lock.Lock()
		defer lock.Unlock()
		_, err = os.Stdout.Write(append(line, '\n'))
		return err
	})
	if err != nil {
		return err
	}
	telemetry := component.TelemetrySettings{
		Logger:         zap.NewNop(),
		MeterProvider:  noopmetric.NewMeterProvider(),
		TracerProvider: nooptrace.NewTracerProvider(),
		Resource:       pcommon.NewResource(),
	}
	ctx := context.Background()
	server, err := factory.CreateMetrics(ctx, receiver.Settings{
		ID:                component.NewID(factory.Type()),
		TelemetrySettings: telemetry,
		BuildInfo:         component.NewDefaultBuildInfo(),
	}, config, next)
	if err != nil {
		return err
	}
	if err := server.Start(ctx, host{}); err != nil {
		return err
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	<-stop
	return server.Shutdown(ctx)
}
