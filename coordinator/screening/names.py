"""Capitalised words that are not names, even after "korban" or "a.n."."""

import re
from typing import Final

from coordinator.screening.folding import FLAGS

_OFFICES: Final = """
    kepala bendahara gubernur bupati wali walikota sekretaris sekda menteri direktur ketua wakil plt
    plh pj pjs kabid kasi kasubag kasubbag asisten staf pejabat pimpinan camat lurah rektor dekan
    kapolda kapolres kapolresta kapolsek kajati kajari danrem dandim ditjen dirjen deputi inspektur
    dinas badan biro bagian bidang seksi kantor kementerian pemerintah pemprov pemkab pemkot
    provinsi prov kabupaten kab kota kecamatan kec kelurahan kel desa kampung rekening kas bank tim
    gugus tugas satgas sub pokja opd uptd upt ppa lpsk lembaga yayasan perusahaan perseroan pt cv
    koperasi universitas fakultas sekolah rumah rsud rs puskesmas panitia penyelenggara presiden
    dkp3a dp3a dp3ap2kb p2tp2a bp3mi bp2mi kp2mi polri tni polda polres polresta polsek kejaksaan
    kejati kejari pengadilan imigrasi kanim lapas bapas disnaker dinsos dinkes disdik disdukcapil
    kesbangpol diskominfo bappeda inspektorat satpol kemen kemenpppa kemensos kemlu kbri kjri lbh
    puspaga pekka fkub pkk penyidik pendamping narahubung operator admin
"""
_CASES: Final = """
    korban saksi pelapor penyintas anak perempuan remaja orang laki dewasa lansia bayi balita
    tindak tindakan perdagangan pidana kekerasan eksploitasi pelecehan penipuan perkosaan
    pencabulan penganiayaan penyelundupan kejahatan pekerja migran buruh nelayan abk warga negara
    asing tppo tppm tip kdrt kbg kbgo tpks ksbe pmi cpmi pmi-b wni wna abh ampk amh ham tki tkw
    tka phk perkawinan trafficking perbudakan penculikan penyekapan terorisme bencana banjir
    perundungan bullying scamming online judi narkoba ppks laporan jumlah data kasus nama identitas
    nomor total tahun bulan tanggal triwulan semester periode usia asal jenis bentuk layanan
    pemulangan rehabilitasi reintegrasi restitusi pendampingan perlindungan penanganan pencegahan
    menurut berdasarkan sesuai dalam pada untuk dari dengan dan atau yang di ke oleh bagi per serta
    adalah telah sudah akan masih tidak belum lain lainnya baru juga dapat harus wajib secara
    agar sebagai melalui saat ketika setelah sebelum karena jika bila tersebut ini itu ahli mahkota
    kunci pelaku tersangka terlapor terdakwa
"""
_PLACES_AND_DAYS: Final = """
    januari februari maret april mei juni juli agustus september oktober november desember
    senin selasa rabu kamis jumat sabtu minggu indonesia nusantara ikn kalimantan kaltim kaltara
    kalsel kalbar kalteng timur utara selatan barat tengah samarinda balikpapan bontang kutai kukar
    kubar kutim kartanegara paser penajam ppu berau mahakam sangatta tenggarong tarakan nunukan
    malaysia sabah sarawak tawau kinabalu singapura kamboja myanmar thailand filipina taiwan
    hongkong arab saudi china tiongkok brunei jepang korea jawa jatim jateng jabar bali ntt ntb
    nusa sulawesi sulsel sulteng sulbar sultra sulut sumatera sumut sumbar sumsel lampung aceh riau
    jambi bengkulu banten jakarta dki yogyakarta surabaya makassar medan bandung semarang maluku
    papua lokal nasional internasional daerah pusat
"""
# Words after "korban", "saksi" or "pelapor" that describe and do not name: "Korban Mahasiswa",
# "Saksi Mata", "Pelapor Terbaik", "Korban Arus Mudik".
_SORTS: Final = """
    mahasiswa mahasiswi pelajar siswa siswi santri santriwati guru dosen karyawan karyawati pegawai
    petani pedagang sopir kurir polisi asn pns honorer magang warga masyarakat keluarga ibu bapak
    pria wanita gadis pemuda pemudi difabel disabilitas rentan lakalantas laka lalu lintas
    kecelakaan
    longsor tanah gempa tsunami angin puting kabut asap arus mudik balik gelombang tahap kelompok
    klaster kategori tipe model mata telinga aktif pasif terbaik tercepat teraktif terbanyak
    terlantar telantar terpadu terdampak terduga teladan utama pertama kedua ketiga keempat kelima
    tunggal ganda massal berat ringan sedang meninggal hidup selamat hilang luka jiwa fisik psikis
    seksual mandiri lama potensial sementara tetap terbuka tertutup adat dayak kutai banjar bugis
    jawa batak madura sunda melayu tionghoa luar dalam negeri dunia maya siber digital daring luring
    internet media sosial pinjol judol fraud scam scammer scamming prostitusi mucikari kawin kontrak
    paksa dini mafia sindikat jaringan begal mutilasi tawuran yehuwa verbal verbalisan meringankan
    memberatkan alibi fakta justice collaborator whistleblower non eks mantan calon para sejumlah
    beberapa banyak sebanyak semua seluruh setiap masing rata jika apabila bukan ada hasil rekap
    tabel grafik lampiran formulir sop alur pedoman prosedur modul hak kebutuhan akses dokumen kolom
    wajah foto kronologi restitusi kompensasi repatriasi konseling psikolog psikologi hukum medis
    visum hotel mitra jalan pasal ayat undang unsur kapal bandara pelabuhan terminal yth samaran
    namun kemudian kini lalu selanjutnya akhirnya misalnya sebelumnya sesudahnya karenanya selain
    meski meskipun walau walaupun sehingga adapun sedangkan sementara bahkan kecuali termasuk yaitu
    yakni internal eksternal anonim analis lengkap saya kami kita mereka dia ia
    long loa muara sungai tanjung teluk gunung bukit pulau sebulu samboja sepaku anggana malinau
"""
# Abbreviations that can be spoken like a name, or are too short to distinguish from initials.
_ABBREVIATIONS: Final = """
    hiv aids odha odhiv napza covid kuhap sara ilo iom bap sim ite bin rutan tip ormas paud umum
    rt rw pt cv sd tk lp ma mk dp hp wa kk ri uu pp ts mo kb kt no dr rs se sk st ba pn pu yg dg tn
    sma smk smp mts ii iii iv vi vii viii ix xi xii irt
"""
_NOT_NAMES: Final = frozenset(
    f"{_OFFICES} {_CASES} {_PLACES_AND_DAYS} {_SORTS} {_ABBREVIATIONS}".split()
)
# Words built like no name: Penempatan, Kebakaran, Nonprosedural, Radikalisasi, Sebelumnya. Names
# end in -an as well (Hasan), begin with ber- and me- (Berlian, Melati), so those are in the list.
_BUILT: Final = re.compile(
    r"(?:pe[mnrl][a-z]{4,20}an|ke[a-z]{5,20}an|non[a-z]{6,20}|(?:pasca|eks)[a-z]{4,20}"
    r"|[a-z]{4,20}(?:isasi|isme|itas)|[a-z]{4,20}nya)",
    FLAGS,
)


def may_be_name(word: str) -> bool:
    """Return whether a word may be a name, because it is in none of the lists."""
    return word.casefold() not in _NOT_NAMES and _BUILT.fullmatch(word) is None
