"""Where the sewers end: outfalls along both banks of the canal, and two pump stations facing each other."""

import math

from shapely import LineString, Point

from samples.city import CANAL_ROADS, City
from samples.plane import Pair, get_place, snap
from samples.runs import Piece, Run, add_node, is_open_street
from samples.streets import CANAL_HALF_M, NORTH_BANK_M, SOUTH_BANK_M, Street


class Outlets:
    """Where the water leaves: outfalls along both banks, and the two pump stations with the siphon between them."""

    def __init__(self, city: City) -> None:
        self.canal = city.quarter.canal
        self.roads = [city.streets[number] for number in CANAL_ROADS]
        self.sinks: dict[str, list[Pair]] = {"storm": [], "foul": []}
        self.outfalls: list[tuple[Pair, str]] = []
        self.pumps: list[Pair] = []
        plant = self.canal.project(city.get_lands("wastewater")[0].centroid)
        self.pump_station_m = self.find_pump_station(plant)

    def find_pump_station(self, wanted_m: float) -> float:
        """The station along the canal nearest to the one wanted where neither road has a mouth."""
        for step in range(0, 300):
            station = wanted_m + (step // 2) * 4.0 * (1 if step % 2 else -1)
            if all(self.is_clear(road, station) for road in self.roads):
                return station
        raise ValueError("no place along the canal for the pump stations")

    def is_clear(self, road: Street, station: float) -> bool:
        """Whether a line square to the canal at this station meets no mouth of a street on that road."""
        place = Point(get_place(self.canal, station, self.bank_of(road) / 2))
        return is_open_street(road, road.axis.project(place), road.half, 6.0)

    def bank_of(self, road: Street) -> float:
        """The road's offset from the canal's axis."""
        return NORTH_BANK_M if road.number == CANAL_ROADS[0] else SOUTH_BANK_M

    def connect(self, runs: list[Run], network: str) -> list[Piece]:
        """The pipes from the roads along the canal to the outlets; nodes are put where they begin."""
        ends = []
        for road in self.roads:
            own = [run for run in runs if run.street.number == road.number]
            stations = self.pick_outfalls(road) if network == "storm" else [self.pump_station_m]
            for station in stations:
                ends += self.connect_at(own, road, station, network)
        return ends

    def pick_outfalls(self, road: Street) -> list[float]:
        """Stations along the canal about every 260 m, clear of mouths and of the pump stations."""
        chosen: list[float] = []
        station = 200.0
        while station < self.canal.length - 160:
            if self.is_clear(road, station) and abs(station - self.pump_station_m) > 25:
                chosen.append(station)
                station += 260
            else:
                station += 7
        return chosen

    def connect_at(self, runs: list[Run], road: Street, station: float, network: str) -> list[Piece]:
        """One straight chain square to the canal: from the road's farthest run over the nearer ones to the bank."""
        bank = self.bank_of(road)
        side = math.copysign(1.0, bank)
        reach = LineString([get_place(self.canal, station, side * 2), get_place(self.canal, station, side * 70)])
        places = []
        for run in runs:
            hit = run.line.intersection(reach)
            if isinstance(hit, Point) and not hit.is_empty:
                place = snap(hit.x, hit.y)
                add_node(run, place)
                places.append((self.canal.distance(hit), place, run))
        places.sort(key=lambda item: item[0])
        end_m = CANAL_HALF_M if network == "storm" else CANAL_HALF_M + 8
        sink = get_place(self.canal, station, side * end_m)
        self.sinks[network].append(sink)
        if network == "storm":
            self.outfalls.append((sink, road.name))
        else:
            self.pumps.append(sink)
        chain = [sink, *(place for _, place, _ in places)]
        return [Piece(places[0][2], LineString([chain[index + 1], chain[index]])) for index in range(len(chain) - 1)]
